import { BROWSER } from '../../scripts/demo/report/browser.js';
import { findProgramObstacle } from '../required-programs.js';

export { openPage } from '../../scripts/demo/report/browser.js';

/** Why tests in a browser are skipped; undefined where Chromium is installed. */
export const browserObstacle = findProgramObstacle([BROWSER]);
