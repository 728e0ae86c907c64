export const id = 69;
export const ids = [69];
export const modules = {

/***/ 5450:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  askInspector: () => (/* binding */ askInspector)
});

// EXTERNAL MODULE: ./packages/action-kit/build/src/poll.js
var poll = __webpack_require__(5090);
// EXTERNAL MODULE: ./packages/action-kit/build/src/run-name.js
var run_name = __webpack_require__(7460);
// EXTERNAL MODULE: ./packages/findings/build/src/severity.js
var severity = __webpack_require__(4431);
// EXTERNAL MODULE: ./actions/codeguru-review/build/src/recommendation.js
var recommendation = __webpack_require__(3558);
;// CONCATENATED MODULE: ./actions/codeguru-review/build/src/inspector-finding.js


const INSPECTOR = 'Amazon Inspector';
const locationOf = ({ codeVulnerabilityDetails: details }) => {
    const { filePath, startLine = 0, endLine } = details?.filePath ?? {};
    const file = (0,recommendation/* pathInside */._l)(filePath);
    if (file === undefined)
        return undefined;
    return startLine > 0 ? { file, startLine, endLine: Math.max(startLine, endLine ?? startLine) } : { file };
};
/** What kind of thing was found, in place of CodeGuru Reviewer's category. */
const CATEGORIES = {
    CODE_VULNERABILITY: 'SecurityIssues',
    PACKAGE_VULNERABILITY: 'VulnerablePackages',
};
/** Inspector's finding as ours. A package's vulnerability is about no line. */
const findingOf = (found) => {
    const { codeVulnerabilityDetails: code, packageVulnerabilityDetails: dependency, remediation } = found;
    const id = code?.ruleId ?? code?.detectorId ?? dependency?.vulnerabilityId ?? found.type ?? 'unnamed';
    const advice = remediation?.recommendation?.text;
    return {
        source: INSPECTOR,
        id: found.findingArn,
        rule: {
            id,
            name: found.title ?? code?.detectorName ?? id,
            description: advice ?? '',
            help: code?.referenceUrls?.[0] ?? dependency?.sourceUrl ?? remediation?.recommendation?.Url,
            tags: [...(code?.cwes ?? []), ...(code?.detectorTags ?? [])],
        },
        // A word that nobody knows is unranked, and fails unless nothing does.
        severity: (0,severity/* severityOf */.xJ)(found.severity ?? '') ?? 'none',
        category: CATEGORIES[found.type ?? ''] ?? '',
        message: found.description ?? found.title ?? id,
        location: locationOf(found),
        fingerprints: {},
        suppression: undefined,
    };
};

// EXTERNAL MODULE: ./actions/codeguru-review/build/src/trouble.js
var trouble = __webpack_require__(5762);
;// CONCATENATED MODULE: ./actions/codeguru-review/build/src/inspector-source.js




const silence = (text, kind = 'unavailable') => (0,trouble/* silentLook */.N)({ source: 'inspector', kind, text });
/** A project's id is part of the resource's, where it is not all of it. */
const projectOf = ({ resourceId = '' }) => /project-[0-9a-f-]{36}/u.exec(resourceId)?.[0] ?? resourceId;
const scannedOf = ({ resourceMetadata }) => [
    resourceMetadata?.codeRepository?.lastScannedCommitId,
    resourceMetadata?.codeRepository?.onDemandScan?.lastScannedCommitId,
];
/** Undefined when the scan has come to the commit; else why it has not. */
const scanNow = async (project, asked, services) => {
    const { host, inspector, commit = '' } = services;
    const { clock, log, signal, variables } = host;
    const { name: token } = (0,run_name/* runName */.r)(variables, [project, commit], `local-${clock.now()}`);
    const scanId = await inspector.startScan(project, token);
    log.info(`Scan ${scanId} of ${project}`);
    const { status, statusReason, lastCommitId } = await (0,poll/* poll */.w)({
        what: `scan ${scanId} to end`,
        clock,
        signal,
        deadline: clock.now() + asked.timeout,
        pace: { first: 5000, ceiling: 15_000 },
        read: async () => {
            const value = await inspector.scan(project, scanId);
            return value.status === 'IN_PROGRESS' ? { state: 'pending' } : { state: 'done', value };
        },
    });
    if (status !== 'SUCCESSFUL')
        return `scan ${scanId} is ${status}${statusReason === undefined ? '' : `: ${statusReason}`}`;
    if (lastCommitId === commit)
        return undefined;
    const looked = lastCommitId === undefined ? 'does not say what it looked at' : `looked at commit ${lastCommitId}`;
    return `scan ${scanId} ${looked}, not at ${commit}: Inspector scans the default branch on demand, and pull requests by its own triggers`;
};
/**
 * What Amazon Inspector's code security says of a commit: takes the scan there is, or starts one. A scan of any other
 * commit is no answer.
 */
const askInspector = async (asked, services) => {
    const { inspector, commit } = services;
    if (commit === undefined)
        return silence('nobody knows the commit under review, so no scan can be told to be of it');
    const [covered, other] = await inspector.covered(asked.project);
    if (covered === undefined) {
        const remedy = "connect it in Inspector's console, or correct 'inspector-project'";
        return silence(`Inspector code security has no repository ${asked.project}: ${remedy}`, 'no-association');
    }
    if (other !== undefined)
        return silence(`Inspector code security has several repositories ${asked.project}`);
    const isScanned = scannedOf(covered).includes(commit);
    const fault = isScanned ? undefined : await scanNow(projectOf(covered), asked, services);
    if (fault !== undefined)
        return silence(fault);
    const findings = (await inspector.findings(asked.project)).map(findingOf);
    return { source: 'inspector', scanners: [INSPECTOR], findings, troubles: [], reviewArn: undefined };
};


/***/ }),

/***/ 3558:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   M0: () => (/* binding */ REVIEWER),
/* harmony export */   _l: () => (/* binding */ pathInside),
/* harmony export */   hD: () => (/* binding */ findingOf),
/* harmony export */   qd: () => (/* binding */ isFinding)
/* harmony export */ });
/* harmony import */ var _aws_delivery_findings_severity__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4431);

const REVIEWER = 'Amazon CodeGuru Reviewer';
/** A path as AWS gives it: from the root of the repository. One that leaves it is no place. */
const pathInside = (path) => {
    const clean = path?.replaceAll('\\', '/').replace(/^(?:\.?\/)+/u, '');
    return clean === undefined || clean === '' || clean.split('/').includes('..') ? undefined : clean;
};
const locationOf = ({ FilePath, StartLine, EndLine }) => {
    const file = pathInside(FilePath);
    if (file === undefined)
        return undefined;
    const start = StartLine !== undefined && StartLine > 0 ? StartLine : undefined;
    return start === undefined ? { file } : { file, startLine: start, endLine: Math.max(start, EndLine ?? start) };
};
/** A recommendation about no file is about the whole review, and is no finding, as in the CLI. */
const isFinding = ({ FilePath }) => FilePath !== '.';
/** A recommendation as a finding. Its description is Markdown. */
const findingOf = (recommendation) => {
    const { RecommendationId, Description, RecommendationCategory, RuleMetadata = {}, Severity } = recommendation;
    const id = RuleMetadata.RuleId ?? RecommendationCategory ?? 'unnamed';
    return {
        source: REVIEWER,
        id: RecommendationId,
        rule: {
            id,
            name: RuleMetadata.RuleName ?? RuleMetadata.ShortDescription ?? id,
            description: RuleMetadata.LongDescription ?? RuleMetadata.ShortDescription ?? '',
            help: undefined,
            tags: RuleMetadata.RuleTags ?? [],
        },
        // A word that nobody knows is unranked, and fails unless nothing does.
        severity: (0,_aws_delivery_findings_severity__WEBPACK_IMPORTED_MODULE_0__/* .severityOf */ .xJ)(Severity ?? '') ?? 'none',
        category: RecommendationCategory ?? '',
        message: Description ?? RuleMetadata.ShortDescription ?? id,
        location: locationOf(recommendation),
        fingerprints: {},
        suppression: undefined,
    };
};


/***/ }),

/***/ 5090:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   w: () => (/* binding */ poll)
/* harmony export */ });
/* unused harmony export DEFAULT_PACE */
/* harmony import */ var _aws_error_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9413);
/* harmony import */ var _cancel_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2225);
/* harmony import */ var _clock_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9877);
/* harmony import */ var _error_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(8341);




const DEFAULT_PACE = { first: 1000, ceiling: 10_000, factor: 1.5, jitter: 0.25 };
/** Pauses that grow while nothing happens, start over when something does, and stay long for a while after throttling. */
class Pacer {
    pace;
    random;
    next;
    least;
    constructor(pace, random) {
        this.pace = pace;
        this.random = random;
        this.next = pace.first;
        this.least = pace.first;
    }
    get floor() {
        return this.pace.first * (1 - this.pace.jitter);
    }
    pauseAfter(reading) {
        const { first, ceiling, factor } = this.pace;
        if (reading.kind === 'throttled') {
            this.least = Math.min(ceiling, 2 * Math.max(this.next, this.least));
            this.next = this.least;
        }
        else {
            if (reading.moved === true)
                this.next = this.least;
            this.least = Math.max(first, this.least * 0.75);
        }
        const pause = Math.min(ceiling, this.next);
        this.next = Math.min(ceiling, this.next * factor);
        return pause * (1 - this.pace.jitter * this.random());
    }
}
// Asking again helps here; `expired` is in the list because clients made with `awsConfiguration` resolve their
// credentials anew after it, but only once in a row: a chain that yields dead credentials twice has no others.
const SURVIVED = ['throttled', 'transient', 'eventual', 'expired'];
const look = async (options, last) => {
    const { signal, read, judge = _aws_error_js__WEBPACK_IMPORTED_MODULE_0__/* .classify */ .L8 } = options;
    if (signal?.aborted)
        throw (0,_cancel_js__WEBPACK_IMPORTED_MODULE_1__/* .cancellationOf */ .zg)(signal);
    try {
        return await (0,_cancel_js__WEBPACK_IMPORTED_MODULE_1__/* .untilCancelled */ .c8)(read(), signal);
    }
    catch (error) {
        if (signal?.aborted)
            throw (0,_cancel_js__WEBPACK_IMPORTED_MODULE_1__/* .cancellationOf */ .zg)(signal);
        const kind = judge(error);
        const again = kind === 'expired' && last?.state === 'trouble' && last.kind === 'expired';
        if (again || !SURVIVED.includes(kind))
            throw error;
        return { state: 'trouble', kind, error };
    }
};
const timeoutError = (options, waited, last) => {
    const trouble = last?.state === 'trouble' ? `; the last answer was ${(0,_aws_error_js__WEBPACK_IMPORTED_MODULE_0__/* .awsErrorText */ .xL)(last.error)}` : '';
    const message = `waited ${(0,_clock_js__WEBPACK_IMPORTED_MODULE_2__/* .durationText */ .S)(waited)} for ${options.what}, as long as the timeout allows${trouble}: see what holds it up, or allow more time`;
    return new _error_js__WEBPACK_IMPORTED_MODULE_3__/* .DeliveryError */ .V('timeout', message, last?.state === 'trouble' ? { cause: last.error } : {});
};
const rest = async (options, milliseconds) => {
    try {
        await options.clock.sleep(milliseconds, options.signal);
    }
    catch (error) {
        throw options.signal?.aborted ? (0,_cancel_js__WEBPACK_IMPORTED_MODULE_1__/* .cancellationOf */ .zg)(options.signal) : error;
    }
};
/**
 * Looks until the end has come, and returns what came. Fast first, slower while nothing happens, slower still when
 * throttled; survives errors that pass by themselves. Everything else is thrown, so that no caller takes uncertainty
 * for success: DeliveryError `timeout` at the deadline, `cancelled` on abort, and the error of a reading that asking
 * again would not mend, as it is. The last look is at the deadline, none is after it, and no two are closer than
 * `first` less its jitter.
 */
const poll = async (options) => {
    const { clock, deadline, random = Math.random } = options;
    const start = clock.now();
    const pacer = new Pacer({ ...DEFAULT_PACE, ...options.pace }, random);
    let last;
    while (clock.now() <= deadline) {
        last = await look(options, last);
        if (last.state === 'done')
            return last.value;
        const asked = last.state === 'trouble' ? ((0,_aws_error_js__WEBPACK_IMPORTED_MODULE_0__/* .retryAfter */ .P9)(last.error, clock.now()) ?? 0) : 0;
        const pause = Math.max(asked, pacer.pauseAfter(last));
        const left = deadline - clock.now();
        if (left < pacer.floor)
            break;
        // A remainder too short for one more look is added to this pause.
        await rest(options, left - pause < pacer.floor ? left : pause);
    }
    throw timeoutError(options, clock.now() - start, last);
};


/***/ }),

/***/ 7460:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   r: () => (/* binding */ runName)
/* harmony export */ });
/* unused harmony export runIdentity */
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);

const digits = (text) => (/^\d+$/u.test(text ?? '') ? text : undefined);
// act numbers every run 1 (nektos/act pkg/runner/run_context.go): that tells nothing apart.
const runOf = (variables) => variables['ACT'] === 'true' ? undefined : digits(variables['GITHUB_RUN_ID']);
/**
 * Who works, from the host's variables and from what the step works on. The leg of a matrix has no variable of its own:
 * what tells it apart is among `parts`; GITHUB_ACTION tells two steps of one job apart.
 * @param fallbackRun unique to this process; stands for the run id where the host gives none. Then nothing is found
 * again by a re-run, and nothing collides either.
 */
const runIdentity = (variables, parts, fallbackRun) => {
    const step = ['GITHUB_REPOSITORY', 'GITHUB_JOB', 'GITHUB_ACTION'].map((name) => variables[name] ?? '');
    const hash = (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha256')
        .update([...step, ...parts].join('\n'))
        .digest('hex');
    return {
        run: runOf(variables) ?? fallbackRun,
        step: hash.slice(0, 12),
        attempt: digits(variables['GITHUB_RUN_ATTEMPT']) ?? '1',
    };
};
/** The name of a step's work; see `runIdentity`. */
const runName = (variables, parts, fallbackRun) => {
    const { run, step, attempt } = runIdentity(variables, parts, fallbackRun);
    const own = `${run}-${step}-`;
    return { own, name: `${own}${attempt}` };
};


/***/ })

};
