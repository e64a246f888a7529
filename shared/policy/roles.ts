import { choice, pattern, section, tablePath } from './values.ts';

export const Roles = section({
  assignedBy: choice(['account', 'permissions'])
    .default('account')
    .describe('Which HelloID actions carry the roles: create and update (account) or sub-permissions (permissions).'),
  unit: contractPaths('the organisational unit', 'Department.DisplayName', 'Department.ExternalId'),
  profile: contractPaths('the role profile', 'Title.Name', 'Title.ExternalId'),
  endedContracts: choice(['report', 'drop'])
    .default('report')
    .describe('Whether the role of a contract that has ended stays, with a finding (report), or is left out (drop).'),
  notStartedContracts: choice(['report', 'drop'])
    .default('report')
    .describe('Whether the role of a contract yet to begin stays, with a finding (report), or is left out (drop).'),
  profileTable: tablePath("A CSV file that maps HelloID's profile code to the code or name in Spend Cloud."),
  unitTable: tablePath("A CSV file that maps HelloID's unit code to the code or name in Spend Cloud."),
  unmapped: choice(['report', 'pass', 'omit'])
    .default('report')
    .describe(
      "What becomes of a role whose value a table lacks: sent with HelloID's value and a finding (report) or without one (pass), or left out with a finding (omit).",
    ),
  catalogue: tablePath('A CSV file of static roles with the columns reference, unit, profile and name.'),
});

function contractPaths(what: string, name: string, code: string) {
  const path = pattern(
    /^[\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+){0,3}$/u,
    'a path of 1 to 4 names with dots between them, such as "Department.DisplayName"',
  );
  return section({
    name: path.default(name).describe(`The path in a contract to the name of ${what}.`),
    code: path.default(code).describe(`The path in a contract to the code of ${what}.`),
  })
    .prefault({})
    .describe(`Where a contract holds ${what}.`);
}
