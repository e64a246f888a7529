import type { ComponentChildren } from 'preact';
import { silentSince } from '../api/connection.ts';
import { refused } from '../api/overview.ts';
import type { Data } from '../api/use-data.ts';
import { text } from '../text/text.ts';
import { FailureNotice } from './notice.tsx';

/** Something is under way. */
export function Loading({ word }: { word?: string }) {
  return (
    <p class="loading">
      <span class="spinner" />
      {word ?? text().loading}
    </p>
  );
}

/** In the place of what the overview has not told yet: why not, or that it is on its way. Where nobody answers, the banner says so. */
export function OverviewLoading() {
  if (refused.value) return <FailureNotice failure={refused.value.refusal} />;
  return silentSince.value ? null : <Loading />;
}

/** What came, above what went wrong since; before anything came, that it is on its way. */
export function Loaded<Value>({
  data,
  children,
}: {
  data: Data<Value>;
  children: (value: Value) => ComponentChildren;
}) {
  const { value, failure } = data;
  return (
    <>
      {failure && failure.kind !== 'unreachable' && <FailureNotice failure={failure} />}
      {value !== null ? children(value) : failure ? null : <Loading />}
    </>
  );
}
