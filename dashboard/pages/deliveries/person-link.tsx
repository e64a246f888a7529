import { addressOf } from '../../route.ts';
import { text } from '../../text/text.ts';

/** A person by the key of the files, leading to what is known; somebody of the extra tables leads nowhere. */
export function PersonLink({ reference, name }: { reference: string | null; name: string }) {
  if (reference !== null) return <a href={addressOf({ page: 'people', reference })}>{name}</a>;
  return (
    <>
      {name} <span class="soft small">{text().deliveries.notInHelloId}</span>
    </>
  );
}
