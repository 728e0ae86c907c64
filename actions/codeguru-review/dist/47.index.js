export const id = 47;
export const ids = [47];
export const modules = {

/***/ 3047:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  readSarif: () => (/* binding */ readSarif)
});

// EXTERNAL MODULE: ./packages/action-kit/build/src/error.js
var src_error = __webpack_require__(8341);
// EXTERNAL MODULE: ./node_modules/zod/v4/core/errors.js
var errors = __webpack_require__(7428);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
;// CONCATENATED MODULE: ./packages/findings/build/src/sarif-path.js

const decode = (uri) => {
    try {
        return decodeURIComponent(uri);
    }
    catch {
        // Scanners that do not encode write a bare per cent sign.
        return uri;
    }
};
/** The path in a `file:` address, or in a relative one; undefined for what is no file. */
const pathIn = (uri) => {
    const [, scheme, rest = uri] = /^([a-z][a-z0-9+.-]+):(.*)$/isu.exec(uri) ?? [];
    if (scheme !== undefined && scheme.toLowerCase() !== 'file')
        return undefined;
    const path = decode(scheme === undefined ? uri : rest.replace(/^\/\/(?:localhost(?=\/))?/u, ''));
    return path.replaceAll('\\', '/').replace(/^\/(?=[a-z]:\/)/iu, '');
};
const isWhole = (path) => (0,external_node_path_.isAbsolute)(path) || external_node_path_.win32.isAbsolute(path);
// Bases may stand on bases; four deep is more than any scanner goes, and a ring ends there.
const baseOf = (name, bases, depth = 4) => {
    const base = name === undefined || depth === 0 ? undefined : bases?.[name];
    if (base?.uri === undefined)
        return '';
    const path = pathIn(base.uri) ?? '';
    return isWhole(path) ? path : external_node_path_.posix.join(baseOf(base.uriBaseId, bases, depth - 1), path);
};
const resolved = (given, run) => {
    const index = given.index ?? -1;
    return given.uri === undefined && index >= 0 ? (run.artifacts?.[index]?.location ?? given) : given;
};
/**
 * Where a location lies seen from the root of the repository. A scanner's own base that is no part of this machine
 * (it ran in a container) counts as the root.
 */
const pathOf = (given, run, root) => {
    const { uri, uriBaseId } = resolved(given ?? {}, run);
    const path = uri === undefined ? undefined : pathIn(uri);
    if (uri === undefined || uri === '')
        return { kind: 'none' };
    if (path === undefined)
        return { kind: 'outside', path: uri };
    const home = root.replaceAll('\\', '/');
    const base = baseOf(uriBaseId, run.originalUriBaseIds);
    const isBelow = isWhole(base) && !external_node_path_.posix.relative(home, base).startsWith('..');
    const whole = external_node_path_.posix.resolve('/', isWhole(path) ? path : external_node_path_.posix.join(isBelow ? base : home, path));
    const way = external_node_path_.posix.relative(external_node_path_.posix.resolve('/', home), whole);
    return way === '' || way === '..' || way.startsWith('../')
        ? { kind: 'outside', path }
        : { kind: 'inside', file: way };
};

// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 14 modules
var schemas = __webpack_require__(5586);
;// CONCATENATED MODULE: ./packages/findings/build/src/sarif-schema.js

// Only what is read, and loosely: SARIF allows much more, and scanners write more than it allows. What is read must be
// what SARIF 2.1.0 says it is, since a gate that misreads a finding is worse than none.
const message = schemas/* looseObject */._H3({
    text: schemas/* string */.YjP().optional(),
    id: schemas/* string */.YjP().optional(),
    arguments: schemas/* array */.YOg(schemas/* string */.YjP()).optional(),
});
const bag = schemas/* looseObject */._H3({ tags: schemas/* array */.YOg(schemas/* string */.YjP()).optional() });
const artifactLocation = schemas/* looseObject */._H3({
    uri: schemas/* string */.YjP().optional(),
    uriBaseId: schemas/* string */.YjP().optional(),
    index: schemas/* int */.Whr().min(-1).optional(),
});
const level = schemas/* enum */.k5n(['none', 'note', 'warning', 'error']);
const rule = schemas/* looseObject */._H3({
    id: schemas/* string */.YjP(),
    name: schemas/* string */.YjP().optional(),
    shortDescription: message.optional(),
    fullDescription: message.optional(),
    help: message.optional(),
    helpUri: schemas/* string */.YjP().optional(),
    messageStrings: schemas/* record */.g1P(schemas/* string */.YjP(), message).optional(),
    defaultConfiguration: schemas/* looseObject */._H3({ level: level.optional() }).optional(),
    properties: bag.optional(),
});
const component = schemas/* looseObject */._H3({ name: schemas/* string */.YjP(), rules: schemas/* array */.YOg(rule).optional() });
const reference = schemas/* looseObject */._H3({
    id: schemas/* string */.YjP().optional(),
    index: schemas/* int */.Whr().min(-1).optional(),
    toolComponent: schemas/* looseObject */._H3({ index: schemas/* int */.Whr().min(-1).optional() }).optional(),
});
const line = schemas/* int */.Whr().min(1).optional();
const region = schemas/* looseObject */._H3({ startLine: line, endLine: line, startColumn: line, endColumn: line });
const sarif_schema_location = schemas/* looseObject */._H3({
    physicalLocation: schemas/* looseObject */._H3({ artifactLocation: artifactLocation.optional(), region: region.optional() })
        .optional(),
});
const suppression = schemas/* looseObject */._H3({
    kind: schemas/* enum */.k5n(['inSource', 'external']),
    // `state` is its name in drafts of 2.1.0 that are still written.
    status: schemas/* enum */.k5n(['accepted', 'underReview', 'rejected']).optional(),
    state: schemas/* enum */.k5n(['accepted', 'underReview', 'rejected']).optional(),
    justification: schemas/* string */.YjP().optional(),
});
const result = schemas/* looseObject */._H3({
    ruleId: schemas/* string */.YjP().optional(),
    ruleIndex: schemas/* int */.Whr().min(-1).optional(),
    rule: reference.optional(),
    kind: schemas/* enum */.k5n(['notApplicable', 'pass', 'fail', 'review', 'open', 'informational']).optional(),
    level: level.optional(),
    message,
    locations: schemas/* array */.YOg(sarif_schema_location).optional(),
    guid: schemas/* string */.YjP().optional(),
    fingerprints: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* string */.YjP()).optional(),
    partialFingerprints: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* string */.YjP()).optional(),
    suppressions: schemas/* array */.YOg(suppression).nullish(),
    baselineState: schemas/* enum */.k5n(['new', 'unchanged', 'updated', 'absent']).optional(),
    properties: bag.optional(),
});
const invocation = schemas/* looseObject */._H3({ executionSuccessful: schemas/* boolean */.zMY() });
const run = schemas/* looseObject */._H3({
    tool: schemas/* looseObject */._H3({ driver: component, extensions: schemas/* array */.YOg(component).optional() }),
    invocations: schemas/* array */.YOg(invocation).optional(),
    originalUriBaseIds: schemas/* record */.g1P(schemas/* string */.YjP(), artifactLocation).optional(),
    artifacts: schemas/* array */.YOg(schemas/* looseObject */._H3({ location: artifactLocation.optional() })).optional(),
    results: schemas/* array */.YOg(result).nullish(),
});
/** A SARIF log, as far as this house reads one. */
const sarifLog = schemas/* looseObject */._H3({ version: schemas/* literal */.euz('2.1.0'), runs: schemas/* array */.YOg(run) });

// EXTERNAL MODULE: ./packages/findings/build/src/severity.js
var severity = __webpack_require__(4431);
;// CONCATENATED MODULE: ./packages/findings/build/src/sarif-reader.js





const wrong = (name, what, cause) => new src_error/* DeliveryError */.V('invalid-input', `'${name}' is not SARIF 2.1.0: ${what}`, { cause });
const documentIn = (text, name) => {
    try {
        return JSON.parse(text.replace(/^\ufeff/u, ''));
    }
    catch (error) {
        throw wrong(name, `${(0,src_error/* textOf */.b)(error)}; let the scanner finish, and write its output to this file alone`, error);
    }
};
const logIn = (text, name) => {
    const parsed = sarifLog.safeParse(documentIn(text, name));
    if (parsed.success)
        return parsed.data;
    const [first] = parsed.error.issues;
    const path = first === undefined ? '' : errors/* toDotPath */.sR(first.path);
    const more = parsed.error.issues.length - 1;
    const others = more > 0 ? ` (and ${more} more faults)` : '';
    throw wrong(name, `${path === '' ? 'the log' : path}: ${first?.message ?? 'unreadable'}${others}`, parsed.error);
};
const rulesOf = ({ tool }, { toolComponent }) => {
    const index = toolComponent?.index ?? -1;
    return (index >= 0 ? tool.extensions?.[index]?.rules : tool.driver.rules) ?? [];
};
/** `CA1000/1` is a finding of the rule `CA1000` (SARIF 3.52.4). */
const hasId = (id, { id: ruleId }) => id === ruleId || id.startsWith(`${ruleId}/`);
const ruleFor = (run, { rule = {}, ruleIndex, ruleId }) => {
    const index = rule.index ?? ruleIndex ?? -1;
    const id = rule.id ?? ruleId;
    const rules = rulesOf(run, rule);
    if (index >= 0)
        return rules[index];
    return id === undefined ? undefined : rules.find((each) => hasId(id, each));
};
const plain = (given) => given?.text?.trim() ?? '';
const ruleOf = (described, result) => {
    const id = result.ruleId ?? result.rule?.id ?? described?.id ?? 'unnamed';
    return {
        id,
        name: described?.name ?? (plain(described?.shortDescription) || id),
        description: plain(described?.fullDescription) || plain(described?.shortDescription) || plain(described?.help),
        help: described?.helpUri,
        tags: [...new Set([...(described?.properties?.tags ?? []), ...(result.properties?.tags ?? [])])],
    };
};
const textFor = (result, described) => {
    const { text, id, arguments: values = [] } = result.message;
    const template = text ?? (id === undefined ? undefined : described?.messageStrings?.[id]?.text) ?? '';
    const filled = template.replace(/\{(\d+)\}/gu, (found, index) => values[Number(index)] ?? found);
    return filled.trim() || plain(described?.shortDescription) || (described?.id ?? 'no message');
};
// The bounds that GitHub's code scanning sets for `security-severity`.
const severityOfScore = (score) => {
    if (!(score > 0) || score > 10)
        return undefined;
    if (score >= 9)
        return 'critical';
    if (score >= 7)
        return 'high';
    return score >= 4 ? 'medium' : 'low';
};
/** A bag's value as text; scanners write scores as numbers too. */
const property = (bag, name) => {
    const value = bag?.[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};
const KINDS = {
    informational: 'info',
    open: 'medium',
    review: 'medium',
};
const severityFor = (result, described) => {
    const own = (0,severity/* severityOf */.xJ)(property(result.properties, 'severity'));
    if (own !== undefined && own !== 'none')
        return own;
    const scores = [result.properties, described?.properties].map((bag) => property(bag, 'security-severity'));
    const scored = scores.flatMap((score) => (score === '' ? [] : (severityOfScore(Number(score)) ?? []))).at(0);
    if (scored !== undefined)
        return scored;
    const byKind = result.kind === undefined ? undefined : KINDS[result.kind];
    const level = result.level ?? (byKind === undefined ? described?.defaultConfiguration?.level : undefined);
    // Without a level it is a warning (SARIF 3.27.10); a level "none" says that there is nothing to rank.
    if (level === undefined || level === 'none')
        return byKind ?? (level === 'none' ? 'info' : 'medium');
    return (0,severity/* severityOf */.xJ)(level) ?? 'medium';
};
const suppressionOf = ({ suppressions }) => {
    const accepted = suppressions?.find(({ status, state }) => (status ?? state ?? 'accepted') === 'accepted');
    return accepted === undefined ? undefined : { kind: accepted.kind, reason: accepted.justification ?? '' };
};
const placeOf = (file, { startLine, endLine, startColumn, endColumn }) => {
    if (startLine === undefined)
        return { file };
    return {
        file,
        startLine,
        endLine: Math.max(startLine, endLine ?? startLine),
        ...(startColumn === undefined ? {} : { startColumn }),
        ...(endColumn === undefined ? {} : { endColumn }),
    };
};
const findingOf = (result, run, root) => {
    const described = ruleFor(run, result);
    const physical = result.locations?.[0]?.physicalLocation;
    const path = pathOf(physical?.artifactLocation, run, root);
    const message = textFor(result, described);
    return {
        source: run.tool.driver.name,
        id: property(result.properties, 'recommendationId') || result.guid,
        rule: ruleOf(described, result),
        severity: severityFor(result, described),
        category: property(result.properties, 'category') || property(described?.properties, 'category'),
        message: path.kind === 'outside' ? `${message} (in '${path.path}', outside of the repository)` : message,
        location: path.kind === 'inside' ? placeOf(path.file, physical?.region ?? {}) : undefined,
        fingerprints: { ...result.partialFingerprints, ...result.fingerprints },
        suppression: suppressionOf(result),
    };
};
/** Neither a test that was passed, nor what was found before and is gone. */
const isFinding = ({ kind, baselineState }) => kind !== 'pass' && kind !== 'notApplicable' && baselineState !== 'absent';
const isUnfinished = ({ invocations, results }) => results === null || (invocations ?? []).some(({ executionSuccessful }) => !executionSuccessful);
/**
 * Reads any scanner's SARIF 2.1.0.
 * @throws DeliveryError `invalid-input` with the first place at which it is not what SARIF says
 */
const readSarif = (text, { name, root }) => {
    const { runs } = logIn(text, name);
    return {
        scanners: runs.map(({ tool }) => tool.driver.name),
        findings: runs.flatMap((run) => (run.results ?? []).filter(isFinding).map((result) => findingOf(result, run, root))),
        unfinished: runs.filter(isUnfinished).map(({ tool }) => tool.driver.name),
    };
};


/***/ })

};
