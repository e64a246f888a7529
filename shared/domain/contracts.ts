import { roleKey, type Role, type RoleOwner } from './account.ts';
import { calendarDay, lastDay } from './calendar.ts';
import { isBlank } from './text.ts';

/** The parts of a HelloID contract that can give a role; read by the paths of `roles` in connector.json. */
export interface Contract {
  externalId: string | null;
  /** Null: the contract does not say. */
  inConditions: boolean | null;
  startDate: string | null;
  endDate: string | null;
  unit: ContractPart;
  profile: ContractPart;
}

export interface ContractPart {
  name: string | null;
  code: string | null;
  /** What the member beside that of the code holds, see `code-fields.ts`; absent where there is none. */
  otherCode?: string | null;
}

export interface ContractRoles {
  roles: Role[];
  /** Ids of contracts in conditions that name no unit or no profile, and so give no role. */
  withoutRole: string[];
}

/** One role per contract in conditions, those of one id, unit and profile joined with the days of all; in a preview per contract, because there none need be in conditions. */
export function rolesOf(contracts: readonly Contract[], owner: RoleOwner, preview: boolean): ContractRoles {
  const roles = new Map<string, Role>();
  const withoutRole: string[] = [];
  for (const contract of contracts) {
    if (!contract.inConditions && !preview) continue;
    const { unit, profile } = contract;
    if ((isBlank(unit.name) && isBlank(unit.code)) || (isBlank(profile.name) && isBlank(profile.code))) {
      withoutRole.push(contract.externalId ?? 'without id');
      continue;
    }
    const role: Role = {
      owner,
      permission: permissionKey(contract),
      contract: contract.externalId ?? '',
      unit: unit.name,
      unitCode: unit.code,
      profile: profile.name,
      profileCode: profile.code,
      startDate: contract.startDate,
      endDate: contract.endDate,
    };
    roles.set(roleKey(role), overDaysOfBoth(roles.get(roleKey(role)), role));
  }
  return { roles: [...roles.values()], withoutRole };
}

/** Contracts that do not say whether they are in conditions: none may pass for one that is not, because its role would be taken away. */
export function conditionsUnsaid(contracts: readonly Contract[]): string[] {
  const unsaid = contracts.filter(({ inConditions }) => inConditions === null);
  if (unsaid.length === 0) return [];
  const ids = unsaid.map(({ externalId }) => externalId ?? 'without id').join(', ');
  return [
    `contract(s) [${ids}] do not say whether they are in conditions (Context.InConditions); ` +
      'send the contracts as HelloID has them, in PowerShell with ConvertTo-Json -Depth 10',
  ];
}

/** The later role, from the earliest start to the latest end of both; a date that is missing, or none, is open. */
function overDaysOfBoth(earlier: Role | undefined, later: Role): Role {
  if (!earlier) return later;
  const startsFirst = (dayOf(earlier.startDate) ?? '') < (dayOf(later.startDate) ?? '');
  const endsLast = endOf(earlier) > endOf(later);
  return {
    ...later,
    startDate: startsFirst ? earlier.startDate : later.startDate,
    endDate: endsLast ? earlier.endDate : later.endDate,
  };
}

/** Behind every day. */
const endless = '~';

function endOf({ startDate, endDate }: Role): string {
  return lastDay(dayOf(startDate), dayOf(endDate)) ?? endless;
}

/** In UTC, to be compared with another: the zone of the schedule would change it for a time near midnight alone. */
function dayOf(date: string | null): string | null {
  return calendarDay(date, 'UTC');
}

/** The part of a sentence about contracts in conditions that give no role. */
export function noRoleFor(withoutRole: readonly string[]): string {
  return `no role for contract(s) [${withoutRole.join(', ')}], which name no unit or no profile`;
}

/** `D0310|TL-ZORG`: raw codes (names only where a code is missing), with `|` and `\` inside one escaped. */
function permissionKey({ unit, profile }: Contract): string {
  return [unit, profile].map(({ code, name }) => escape(isBlank(code) ? (name ?? '') : (code ?? ''))).join('|');
}

function escape(code: string): string {
  return code.replace(/[\\|]/g, '\\$&');
}
