import { parse, printParseErrorCode, visit } from 'jsonc-parser';

/**
 * The value of JSON that may hold comments and trailing commas. Reports the first place that is not JSON, and gives nothing
 * then, or every key that stands twice in its object: only the last of them would count, in silence.
 */
export function readCommentedJson(
  text: string,
  report: (place: string, fault: string) => void,
): { value: unknown } | undefined {
  const options = { allowTrailingComma: true };
  const broken: { place: string; expected: string }[] = [];
  const objects: Set<string>[] = [];
  visit(
    text,
    {
      onError: (code, _offset, _length, line, character) => {
        broken.push({ place: placeOf(line, character), expected: inWords(printParseErrorCode(code)) });
      },
      onObjectBegin: () => void objects.push(new Set()),
      onObjectEnd: () => void objects.pop(),
      onObjectProperty: (key, _offset, _length, line, character) => {
        if (objects.at(-1)?.has(key))
          report(placeOf(line, character), `found "${key}" again, expected each setting once`);
        objects.at(-1)?.add(key);
      },
    },
    options,
  );
  const [first] = broken;
  if (!first) return { value: parse(text, [], options) as unknown };
  report(first.place, `found something that is not JSON (${first.expected}), expected JSON`);
  return undefined;
}

function placeOf(line: number, character: number): string {
  return `line ${line + 1}, column ${character + 1}`;
}

/** `CommaExpected` as "comma expected". */
function inWords(code: string): string {
  return code.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}
