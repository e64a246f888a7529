import type { App } from '../../shared/app.ts';
import type { Contract } from '../../shared/domain/contracts.ts';
import { createAccount } from '../../shared/lifecycle/create.ts';

const caller = { action: 'create' as const, key: 'agent', origin: 'enforcement', requestId: null };

/** Gives invented people of these numbers an account and a role, as HelloID's create action does. */
export async function hire(app: App, numbers: Iterable<number>): Promise<void> {
  await Promise.all(
    [...numbers].map(async (number) => {
      const { success, logs } = await createAccount(app, requestFor(number), caller);
      if (!success) throw new Error(logs.map(({ message }) => message).join('; '));
    }),
  );
}

/** What Spend Cloud has registered for the roles of these people. */
export const registered = {
  units: new Set(numbers(0, 6).map((unit) => `Thuiszorg ${unit}`)),
  profiles: new Set(['TL-ZORG']),
};

/** The numbers from `first` to `last`. */
export function numbers(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function requestFor(number: number) {
  const contract: Contract = {
    externalId: `${number}-1`,
    inConditions: true,
    startDate: '2019-03-01T00:00:00Z',
    endDate: null,
    unit: { name: `Thuiszorg ${number % 7}`, code: `D03${number % 7}` },
    profile: { name: 'Teamleider zorg', code: 'TL-ZORG' },
  };
  return {
    wanted: {
      externalId: String(number),
      username: `p${number}`,
      email: `p${number}@waterrijk-zorg.example`,
      firstName: 'Anna',
      lastName: `Jansen ${number}`,
      gender: 'V',
    },
    correlation: { kind: 'off' } as const,
    contracts: [contract],
    dryRun: false,
  };
}
