import type { Request } from './inputs/parse-request.js';
import type { LoginDirectory } from './login/login-directory.js';
import type { Login } from './login/registry-login.js';
import type { PushResult } from './push/push-result.js';
import type { ScanResult } from './scan/scan-result.js';

/** What came of a run. */
export interface Result {
  readonly request: Request;
  readonly logins: readonly Login[];
  readonly pushes: readonly PushResult[];
  /** What scans find; undefined where nobody asked, or nothing is there. */
  readonly scan: ScanResult | undefined;
  /** The folder with the logins of engines; undefined where nobody needs one. */
  readonly loginDirectory: LoginDirectory | undefined;
}
