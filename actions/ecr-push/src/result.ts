import type { Request } from './inputs/parse-request.js';
import type { LoginDirectory } from './login/login-directory.js';
import type { Login } from './login/registry-login.js';
import type { PushResult } from './push/push-result.js';
import type { ScanResult } from './scan/scan-result.js';

/** The result of a run. */
export interface Result {
  readonly request: Request;
  readonly logins: readonly Login[];
  readonly pushes: readonly PushResult[];
  /** Undefined without a scan gate or without an image to scan. */
  readonly scan: ScanResult | undefined;
  /** Logins for later steps; undefined except in `mode: login`. */
  readonly loginDirectory: LoginDirectory | undefined;
}
