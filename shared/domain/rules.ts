import type { CodePaths } from './code-fields.ts';
import type { UniquenessRules } from './taken.ts';
import type { Fits } from './text.ts';

/** What an administrator chose in connector.json, as far as decisions about one account need it. */
export interface AccountRules extends UniquenessRules {
  initiallyEnabled: boolean;
  assignedBy: 'account' | 'permissions';
  /** What becomes of a changed username of a person who was delivered before. */
  usernameChange: 'confirm' | 'follow' | 'freeze';
  codePaths: CodePaths;
  fits: Fits;
}
