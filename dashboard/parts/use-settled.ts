import { useEffect, useState } from 'preact/hooks';

/** The value once it has stood still for so many milliseconds: a search goes out when somebody pauses, not at each letter. */
export function useSettled<Value>(value: Value, milliseconds: number): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}
