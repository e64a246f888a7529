import type { Preview } from '../daily.ts';
import type { Proof } from './proof.ts';

const mostGone = { atLeast: 5, percent: 5 };

/** Why a take-over is not carried out: what its proof cannot explain, or explains by files that do not belong together. */
export function refusals({
  proof,
  becomes,
  reasons,
}: Pick<{ proof: Proof } & Preview, 'proof' | 'becomes' | 'reasons'>): string[] {
  const { differences, spendCloud } = proof;
  const unexplained = differences.filter(({ cause }) => cause === 'unexplained').length;
  const gone = differences.filter(
    ({ cause, change }) => cause === 'not-in-database' && change === 'deactivated',
  ).length;
  const isOfAnotherDay = gone >= mostGone.atLeast && gone * 100 >= spendCloud.active * mostGone.percent;
  return [
    ...(becomes === 'blocked' ? reasons : []),
    ...(unexplained > 0
      ? [
          `${unexplained} difference(s) have no known cause. Take database and files of one day, copied while HelloID is not enforcing, and run adopt again`,
        ]
      : []),
    ...(isOfAnotherDay
      ? [
          `${gone} of ${spendCloud.active} active people of the old file are not in the old database: they do not belong together, or are of different days`,
        ]
      : []),
  ];
}
