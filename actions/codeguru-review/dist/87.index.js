export const id = 87;
export const ids = [87];
export const modules = {

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

/***/ 1087:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  askReviewer: () => (/* binding */ askReviewer)
});

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./packages/action-kit/build/src/aws.js + 1 modules
var aws = __webpack_require__(629);
// EXTERNAL MODULE: ./packages/action-kit/build/src/clock.js
var src_clock = __webpack_require__(9877);
// EXTERNAL MODULE: ./packages/action-kit/build/src/error.js
var src_error = __webpack_require__(8341);
// EXTERNAL MODULE: ./packages/action-kit/build/src/log.js
var src_log = __webpack_require__(921);
// EXTERNAL MODULE: ./packages/action-kit/build/src/poll.js
var poll = __webpack_require__(5090);
// EXTERNAL MODULE: ./packages/action-kit/build/src/run-name.js
var run_name = __webpack_require__(7460);
// EXTERNAL MODULE: ./packages/action-kit/build/src/aws-error.js
var aws_error = __webpack_require__(9413);
// EXTERNAL MODULE: ./packages/artifact/build/src/location.js
var src_location = __webpack_require__(6383);
;// CONCATENATED MODULE: ./packages/artifact/build/src/store.js




/** How long one call is repeated while S3 throttles or fails, in milliseconds. */
const PATIENCE = 300_000;
/** Repeats a call to S3 while repeating may help. */
const persist = (what, { clock, signal }, call) => (0,poll/* poll */.w)({
    what,
    clock,
    signal,
    deadline: clock.now() + PATIENCE,
    read: async () => ({ state: 'done', value: await call() }),
});
const adviceFor = (error, { bucket, owner, region }) => {
    if ((0,aws_error/* isCode */._m)(error, 'NoSuchBucket', 'NotFound')) {
        return { code: 'not-found', remedy: `bucket ${bucket} does not exist: create it, or name another` };
    }
    if ((0,aws_error/* isCode */._m)(error, 'PermanentRedirect', '301', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException')) {
        return {
            code: 'refused',
            remedy: `bucket ${bucket} is not in ${region}: name one in the Region of the deployment`,
        };
    }
    if ((0,aws_error/* classify */.L8)(error) !== 'denied')
        return undefined;
    const right = `the role needs s3:PutObject there, and the bucket must belong to account ${owner}`;
    return { code: 'denied', remedy: right };
};
/** Puts artifacts into one bucket, each content once, and only what is not there yet. */
class ArtifactStore {
    destination;
    services;
    prepare;
    underway = new Map();
    prepared;
    /** @param prepare what must be done once, before the first artifact: a bucket is only made when it is needed */
    constructor(destination, services, prepare = async () => { }) {
        this.destination = destination;
        this.services = services;
        this.prepare = prepare;
    }
    /**
     * @throws DeliveryError `not-found` (no such bucket), `refused` (another Region), `denied` (another owner, or no
     * right), or what reading the artifact throws
     */
    put(artifact) {
        const { prefix } = this.destination;
        const key = prefix === '' ? artifact.name : `${prefix}/${artifact.name}`;
        const underway = this.underway.get(key) ?? this.deliver(artifact, key);
        this.underway.set(key, underway);
        return underway;
    }
    async deliver(artifact, key) {
        this.prepared ??= this.prepare();
        await this.prepared;
        const { bucket, region } = this.destination;
        const place = { bucket, key, uri: (0,src_location/* uriOf */.S_)({ bucket, key }), url: (0,src_location/* urlOf */.rs)({ bucket, key }, region) };
        try {
            return { ...place, by: await this.send(artifact, key, place.uri) };
        }
        catch (error) {
            throw this.explain(artifact, place.uri, error);
        }
    }
    async send(artifact, key, uri) {
        const { s3 } = this.services;
        const object = { bucket: this.destination.bucket, owner: this.destination.owner, key };
        const presence = await persist(`a look for ${uri}`, this.services, () => s3.presenceOf(object));
        if (presence === 'present')
            return 'earlier-upload';
        await artifact.withBody((body) => persist(`the upload of ${uri}`, this.services, () => s3.put(object, body, this.destination.kmsKeyId)));
        return 'upload';
    }
    explain(artifact, uri, error) {
        const advice = error instanceof src_error/* DeliveryError */.V ? undefined : adviceFor(error, this.destination);
        if (advice === undefined)
            return error;
        const message = `${artifact.what} cannot be stored as ${uri}: ${(0,aws_error/* awsErrorText */.xL)(error)}; ${advice.remedy}`;
        return new src_error/* DeliveryError */.V(advice.code, message, { cause: error });
    }
}

;// CONCATENATED MODULE: ./actions/codeguru-review/build/src/association.js




const CLOSED = "AWS has taken no new associations since 7 November 2025, so none can be made; name an existing one in 'association', or take findings from another source with 'findings-from'";
const candidateIn = (text) => {
    const slash = text.lastIndexOf('/');
    return slash === -1 ? { owner: undefined, name: text } : { owner: text.slice(0, slash), name: text.slice(slash + 1) };
};
/** Names in the order in which they are tried; an association in S3 has no owner that a repository would know. */
const candidatesOf = ({ given, repository, folder }) => {
    if (given !== undefined)
        return [candidateIn(given)];
    const own = repository === undefined ? [] : [candidateIn(repository)];
    return [...own, ...own.map(({ name }) => ({ owner: undefined, name })), { owner: undefined, name: folder }];
};
const fits = ({ owner, name }, found) => found.Name === name && (owner === undefined ? found.ProviderType === 'S3Bucket' : found.Owner === owner);
const isUsable = ({ State }) => State === 'Associated' || State === 'Associating';
/** A name given without an owner may be that of any association. */
const choose = (candidates, found, isGiven) => {
    const matches = candidates.flatMap((candidate) => found.filter((each) => fits(candidate, each)));
    const loose = isGiven && matches.length === 0 ? found : matches;
    return loose.find(isUsable) ?? loose[0];
};
const arnFor = async (names, reviewer) => {
    if (names.given !== undefined && (0,aws/* arnIn */.Lo)(names.given) !== undefined)
        return names.given;
    const candidates = candidatesOf(names);
    const listed = await reviewer.associationsNamed([...new Set(candidates.map(({ name }) => name))]);
    return choose(candidates, listed, names.given !== undefined && !names.given.includes('/'))?.AssociationArn;
};
const settled = async (arn, services) => {
    const { reviewer, clock, signal, deadline } = services;
    return (0,poll/* poll */.w)({
        what: `association ${arn} to be associated`,
        clock,
        signal,
        deadline,
        pace: { first: 5000, ceiling: 15_000 },
        read: async () => {
            const value = await reviewer.association(arn);
            return value.State === 'Associating' ? { state: 'pending' } : { state: 'done', value };
        },
    });
};
const namesText = (names) => [...new Set(candidatesOf(names).map(({ owner, name }) => (owner === undefined ? name : `${owner}/${name}`)))].join(', ');
/**
 * Finds the association of a repository; never makes one.
 * @throws DeliveryError `conflict` where there is one that cannot be used
 */
const findAssociation = async (names, services) => {
    const none = { kind: 'none', text: `CodeGuru Reviewer has no association of ${namesText(names)}: ${CLOSED}` };
    const arn = await arnFor(names, services.reviewer);
    if (arn === undefined)
        return none;
    const association = await settled(arn, services).catch((error) => {
        if ((0,aws_error/* isCode */._m)(error, 'NotFoundException', 'ResourceNotFoundException'))
            return undefined;
        throw error;
    });
    if (association === undefined || association.State === 'Disassociated')
        return none;
    if (association.State === 'Associated')
        return { kind: 'found', association: { ...association, AssociationArn: arn } };
    const reason = association.StateReason === undefined ? '' : ` (${association.StateReason})`;
    const text = `association ${arn} is ${association.State}${reason} and cannot be used: ${CLOSED}`;
    throw new src_error/* DeliveryError */.V('conflict', text);
};

// EXTERNAL MODULE: ./actions/codeguru-review/build/src/recommendation.js
var recommendation = __webpack_require__(3558);
// EXTERNAL MODULE: ./packages/action-kit/build/src/untrusted.js
var untrusted = __webpack_require__(4021);
;// CONCATENATED MODULE: ./actions/codeguru-review/build/src/review-request.js

const branchOf = (variables) => variables['GITHUB_HEAD_REF'] || variables['GITHUB_REF_NAME'] || undefined;
const EVENTS = ['pull_request', 'workflow_dispatch', 'schedule', 'push'];
const eventOf = ({ change, range, variables }) => {
    const name = variables['GITHUB_EVENT_NAME'];
    if (change.kind === 'pull-request')
        return 'pull_request';
    if (range !== undefined)
        return 'push';
    return name !== undefined && EVENTS.includes(name) ? name : 'schedule';
};
const metadataOf = (subject) => {
    const { change, variables } = subject;
    const actor = variables['GITHUB_ACTOR'];
    const id = change.kind === 'pull-request' ? change.number : variables['GITHUB_RUN_ID'];
    return {
        ...(id ? { RequestId: (0,untrusted/* cutText */.IN)(String(id), 64) } : {}),
        ...(actor ? { Requester: (0,untrusted/* cutText */.IN)(actor, 100) } : {}),
        EventInfo: { Name: eventOf(subject), ...(change.kind === 'pull-request' ? { State: 'open' } : {}) },
        VendorName: variables['GITHUB_ACTIONS'] === 'true' ? 'GitHub' : 'NativeS3',
    };
};
const sourceCodeOf = (subject, { bucket, artifacts }) => {
    const { association, range, variables } = subject;
    const branch = branchOf(variables);
    return {
        S3BucketRepository: {
            Name: association.Name ?? '',
            Details: { BucketName: bucket, CodeArtifacts: artifacts },
        },
        ...(range === undefined
            ? {}
            : { CommitDiff: { SourceCommit: range.head, DestinationCommit: range.base, MergeBaseCommit: range.base } }),
        ...(branch === undefined ? {} : { RepositoryHead: { BranchName: branch } }),
        RequestMetadata: metadataOf(subject),
    };
};
/** Security analysis needs compiled code (CodeGuru Reviewer's user guide); for code it fetches itself it looks alone. */
const analysisOf = ({ code }) => code !== undefined && code.artifacts.BuildArtifactsObjectKey === undefined
    ? ['CodeQuality']
    : ['Security', 'CodeQuality'];
/** The call that starts a review. */
const reviewRequest = (subject) => {
    const { association, code, token, variables } = subject;
    const analysis = code === undefined
        ? { RepositoryHead: { BranchName: branchOf(variables) ?? 'main' } }
        : { SourceCodeType: sourceCodeOf(subject, code) };
    return {
        Name: (0,untrusted/* cutText */.IN)(`aws-delivery-${token}`, 100),
        ClientRequestToken: token,
        RepositoryAssociationArn: association.AssociationArn,
        Type: { RepositoryAnalysis: analysis, AnalysisTypes: analysisOf(subject) },
    };
};

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
;// CONCATENATED MODULE: ./packages/artifact/build/src/bounded.js
/**
 * Does the work for every item, at most `limit` at once, and returns the results in the order of the items. After a
 * failure nothing new is started; what runs is awaited, and the first failure is thrown.
 */
const mapBounded = async (items, limit, work) => {
    const results = [];
    const failures = [];
    const queue = items.entries();
    const worker = async () => {
        for (const [index, item] of queue) {
            try {
                results[index] = await work(item);
            }
            catch (error) {
                failures.push(error);
            }
            if (failures.length > 0)
                return;
        }
    };
    await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
    if (failures.length > 0)
        throw failures[0];
    return results;
};

// EXTERNAL MODULE: ./packages/artifact/build/src/file-error.js
var file_error = __webpack_require__(2197);
;// CONCATENATED MODULE: ./packages/artifact/build/src/digest.js




/** How many files are read at once; more does not make a disk faster. */
const READERS = 8;
/** Changes whenever the same entries would make another archive, so that no old object is taken for a new one. */
const FORMAT = 'aws-delivery archive 1';
/** SHA-256 of a file in hexadecimal digits, read in pieces. */
const digest_digestFile = async (path) => {
    const hash = (0,external_node_crypto_.createHash)('sha256');
    try {
        for await (const piece of (0,external_node_fs_.createReadStream)(path))
            hash.update(piece);
    }
    catch (error) {
        throw (0,file_error/* fileError */.z)(path, error);
    }
    return hash.digest('hex');
};
/** SHA-256 of a text or of bytes in hexadecimal digits. */
const digest_digestOf = (content) => (0,external_node_crypto_.createHash)('sha256').update(content).digest('hex');
const digestEntry = (entry) => entry.kind === 'file' ? digest_digestFile(entry.path) : Promise.resolve(digest_digestOf(entry.target));
/**
 * The digest of what an archive would hold, without making the archive: what is in S3 already is found out at the
 * price of reading the files.
 */
const digestTree = async (entries) => {
    const digests = await mapBounded(entries, READERS, digestEntry);
    const whole = (0,external_node_crypto_.createHash)('sha256').update(`${FORMAT}\n`);
    const files = new Map();
    for (const [index, entry] of entries.entries()) {
        const content = digests[index] ?? '';
        const kind = entry.kind === 'file' && entry.executable ? 'executable' : entry.kind;
        whole.update(`${JSON.stringify([kind, entry.name, content])}\n`);
        if (entry.kind === 'file')
            files.set(entry.name, content);
    }
    return { digest: whole.digest('hex'), files };
};

;// CONCATENATED MODULE: ./packages/artifact/build/src/tree.js





/** What an archive without the ZIP64 extension holds for sure, also when nothing in it can be compressed. */
const ARCHIVE_LIMITS = { files: 65_535, bytes: 4_000_000_000 };
const EXECUTE = external_node_fs_.constants.S_IXUSR | external_node_fs_.constants.S_IXGRP | external_node_fs_.constants.S_IXOTH;
const isInside = (root, path) => {
    const way = (0,external_node_path_.relative)(root, path);
    return way !== '..' && !way.startsWith(`..${external_node_path_.sep}`) && !(0,external_node_path_.isAbsolute)(way);
};
/** Does the way of a link never leave the folder? One that comes back by the folder's name breaks once it is unpacked. */
const staysInside = (name, target) => {
    if ((0,external_node_path_.isAbsolute)(target))
        return false;
    let depth = name.split('/').length - 1;
    for (const step of target.split(external_node_path_.sep)) {
        if (step === '..')
            depth -= 1;
        else if (step !== '' && step !== '.')
            depth += 1;
        if (depth < 0)
            return false;
    }
    return true;
};
/** Reads a folder entry by entry, holding the limits as it goes, so that a wrong path fails early. */
class Walk {
    root;
    limits;
    skip;
    entries = [];
    bytes = 0;
    constructor(root, limits, skip) {
        this.root = root;
        this.limits = limits;
        this.skip = skip;
    }
    async folder(path, prefix) {
        for (const child of await (0,promises_.readdir)(path, { withFileTypes: true })) {
            const name = `${prefix}${child.name}`;
            if (child.name !== '.git' && !this.skip(name))
                await this.child(child, (0,external_node_path_.join)(path, child.name), name);
        }
    }
    async child(child, path, name) {
        if (child.isDirectory()) {
            await this.folder(path, `${name}/`);
            return;
        }
        this.add(child.isSymbolicLink() ? await this.link(path, name) : await this.file(path, name));
    }
    async file(path, name) {
        const status = await (0,promises_.lstat)(path);
        if (!status.isFile()) {
            throw new src_error/* DeliveryError */.V('refused', `'${path}' is neither file, folder nor link: an archive cannot hold it`);
        }
        return { kind: 'file', name, path, executable: (status.mode & EXECUTE) !== 0, size: status.size };
    }
    async link(path, name) {
        const target = await (0,promises_.readlink)(path);
        const end = await (0,promises_.realpath)(path).catch(() => undefined);
        if (end !== undefined && staysInside(name, target) && isInside(this.root, end)) {
            return { kind: 'link', name, target: target.replaceAll(external_node_path_.sep, '/') };
        }
        const fault = end === undefined ? 'leads nowhere' : 'leads out of the folder';
        throw new src_error/* DeliveryError */.V('refused', `the symbolic link '${path}' to '${target}' ${fault}: replace it by a file, or by a relative link inside '${this.root}'`);
    }
    add(entry) {
        this.entries.push(entry);
        this.bytes += entry.kind === 'file' ? entry.size : 0;
        const { files, bytes } = this.limits;
        if (this.entries.length <= files && this.bytes <= bytes)
            return;
        const limit = this.entries.length > files ? `${files} files` : `${bytes} bytes`;
        throw new src_error/* DeliveryError */.V('refused', `'${this.root}' holds more than ${limit}: point to the folder that is meant`);
    }
}
const byName = (left, right) => (left.name < right.name ? -1 : 1);
/**
 * The files and links under a folder, sorted by name in a way that no locale changes. Symbolic links stay links, and
 * must be relative and end inside the folder.
 * @throws DeliveryError `not-found`, `denied`, or `refused` (a link that leads out, a device, a limit)
 */
const tree_readTree = async (folder, options = {}) => {
    try {
        const root = await (0,promises_.realpath)(folder);
        const walk = new Walk(root, options.limits ?? ARCHIVE_LIMITS, options.skip ?? (() => false));
        await walk.folder(root, '');
        return walk.entries.sort(byName);
    }
    catch (error) {
        throw (0,file_error/* fileError */.z)((0,file_error/* pathOf */.X)(error) ?? folder, error);
    }
};
/** A single file as the whole of an archive, under its own name. */
const tree_fileEntry = async (path, name) => {
    try {
        const status = await (0,promises_.stat)(path);
        if (!status.isFile())
            throw new src_error/* DeliveryError */.V('invalid-input', `'${path}' is not a file: name a file`);
        return { kind: 'file', name, path, executable: (status.mode & EXECUTE) !== 0, size: status.size };
    }
    catch (error) {
        throw (0,file_error/* fileError */.z)(path, error);
    }
};

;// CONCATENATED MODULE: ./packages/artifact/build/src/artifact.js






const withTemporaryFolder = async (parent, use) => {
    const folder = await (0,promises_.mkdtemp)((0,external_node_path_.join)(parent, 'aws-delivery-'));
    try {
        return await use(folder);
    }
    finally {
        await (0,promises_.rm)(folder, { recursive: true, force: true });
    }
};
/**
 * Files and links from wherever they are as one zip archive.
 * @param what for people: `source code in 'src'`
 * @param entries in the order in which they go in
 */
const archive = async (what, entries, { temporary = (0,external_node_os_.tmpdir)() } = {}) => {
    const { digest, files } = await digestTree(entries);
    return {
        what,
        name: `${digest}.zip`,
        withBody: (use) => withTemporaryFolder(temporary, async (folder) => {
            // Loaded when something must be sent: most runs find everything in its place.
            const { writeZip } = await Promise.all(/* import() */[__webpack_require__.e(306), __webpack_require__.e(961)]).then(__webpack_require__.bind(__webpack_require__, 5961));
            const { path, size, sha256 } = await writeZip((0,external_node_path_.join)(folder, 'archive.zip'), entries, files);
            return use({ size, sha256, open: () => (0,external_node_fs_.createReadStream)(path) });
        }),
    };
};
/**
 * A folder as a zip archive, which is only written when it must be sent.
 * @throws DeliveryError as `readTree` does
 */
const folderArtifact = async (folder, options = {}) => archive(`folder '${folder}'`, await readTree(folder, options), options);
/** A single file in a zip archive, for services that take nothing else. */
const zippedFileArtifact = async (path, options = {}) => archive(`file '${path}', zipped`, [await fileEntry(path, basename(path))], options);
/** A file as it is. */
const fileArtifact = async (path) => {
    const entry = await fileEntry(path, basename(path));
    const sha256 = await digestFile(path);
    const body = { size: entry.size, sha256, open: () => createReadStream(path) };
    return { what: `file '${path}'`, name: `${sha256}${extname(path)}`, withBody: (use) => use(body) };
};
/**
 * A text that is nowhere on disk.
 * @param ending with its dot: `.template`
 */
const textArtifact = (what, text, ending) => {
    const bytes = Buffer.from(text);
    const sha256 = digestOf(bytes);
    const body = { size: bytes.length, sha256, open: () => bytes };
    return { what, name: `${sha256}${ending}`, withBody: (use) => use(body) };
};

;// CONCATENATED MODULE: ./actions/codeguru-review/build/src/source-code.js





const clean = (path) => path.replaceAll('\\', '/').replace(/^\.\/|\/+$/gu, '');
const isUnder = (name, path) => path === '' || path === '.' || name === path || name.startsWith(`${path}/`);
/** All folders above files, so that others are not even read. */
const foldersOf = (files) => {
    const folders = new Set();
    for (const file of files) {
        for (let end = file.indexOf('/'); end !== -1; end = file.indexOf('/', end + 1))
            folders.add(file.slice(0, end));
    }
    return folders;
};
const chosenFiles = async ({ sourcePaths, repository }) => {
    const paths = sourcePaths.map(clean);
    const tracked = await repository.trackedFiles();
    const useless = paths.find((path) => !tracked.some((name) => isUnder(name, path)));
    if (useless !== undefined) {
        throw new src_error/* DeliveryError */.V('not-found', `input 'source-paths': git tracks nothing under '${useless}': correct the path`);
    }
    return new Set(paths.length === 0 ? tracked : tracked.filter((name) => paths.some((path) => isUnder(name, path))));
};
/** The history in a copy of its own: the checkout's settings hold the job's token. */
const historyEntries = async ({ repository, temporary }) => {
    const folder = (0,external_node_path_.join)(temporary, 'history');
    await repository.copyHistory(folder);
    return (await tree_readTree(folder)).map((entry) => ({ ...entry, name: `.git/${entry.name}` }));
};
const withinLimits = (entries, root) => {
    if (entries.length <= ARCHIVE_LIMITS.files)
        return entries;
    const text = `'${root}' with its history holds more than ${ARCHIVE_LIMITS.files} files: review less with 'source-paths'`;
    throw new src_error/* DeliveryError */.V('refused', text);
};
/**
 * The source code as one archive: what git tracks, links only where they stay inside.
 * @throws DeliveryError `refused` for a link that leads out, or for more than an archive holds
 */
const sourceArtifact = async (source) => {
    const { root, history, temporary } = source;
    const files = await chosenFiles(source);
    const folders = foldersOf(files);
    const tree = await tree_readTree(root, { skip: (name) => !files.has(name) && !folders.has(name) });
    const past = history === 'with' ? await historyEntries(source) : [];
    return archive(`source code of '${root}'`, withinLimits([...past, ...tree], root), { temporary });
};
/** Where Maven and Gradle put what they compile. */
const BUILT = ['target/classes', 'build/libs', 'build/classes/java/main'];
const isThere = (path) => (0,promises_.stat)(path).then(() => true, () => false);
const builtPaths = async (paths, root) => {
    if (!paths.includes('auto'))
        return paths.map(clean);
    const there = await Promise.all(BUILT.map((path) => isThere((0,external_node_path_.join)(root, path))));
    return [...paths.filter((path) => path !== 'auto').map(clean), ...BUILT.filter((_, index) => there[index])];
};
const entriesOf = async (path, root) => {
    const whole = (0,external_node_path_.join)(root, path);
    const status = await (0,promises_.stat)(whole).catch((cause) => {
        const remedy = 'build before this step, or correct the path';
        throw new src_error/* DeliveryError */.V('not-found', `input 'build-artifacts': '${path}' cannot be read: ${(0,src_error/* textOf */.b)(cause)}; ${remedy}`, {
            cause,
        });
    });
    if (!status.isDirectory())
        return [await tree_fileEntry(whole, path)];
    return (await tree_readTree(whole)).map((entry) => ({ ...entry, name: `${path}/${entry.name}` }));
};
/** Compiled code as one archive; undefined where there is none to send. */
const buildArtifact = async (paths, root, temporary) => {
    const lists = await Promise.all((await builtPaths(paths, root)).map((path) => entriesOf(path, root)));
    const entries = lists.flat();
    return entries.length === 0 ? undefined : archive(`build artifacts of '${root}'`, entries, { temporary });
};

// EXTERNAL MODULE: ./actions/codeguru-review/build/src/trouble.js
var trouble = __webpack_require__(5762);
// EXTERNAL MODULE: ./actions/codeguru-review/build/src/upload.js
var upload = __webpack_require__(5652);
;// CONCATENATED MODULE: ./actions/codeguru-review/build/src/reviewer-source.js















const targetOf = (association) => {
    const arn = (0,aws/* arnIn */.Lo)(association.AssociationArn);
    if (arn === undefined)
        throw new src_error/* DeliveryError */.V('unexpected', `'${association.AssociationArn}' is no ARN`);
    return { association, account: arn.account, region: arn.region };
};
const bucketOf = ({ association, account, region }, { bucket }) => {
    const own = association.S3RepositoryDetails?.BucketName;
    if (own !== undefined && bucket !== undefined && own !== bucket) {
        const rule = `is not the bucket of the association, which is '${own}'`;
        throw new src_error/* DeliveryError */.V('invalid-input', `input 'bucket-name': '${bucket}' ${rule}: leave the input out`);
    }
    return own ?? bucket ?? `codeguru-reviewer-cli-${account}-${region}`;
};
const keyOf = ({ association }, { kmsKeyId }) => {
    const { EncryptionOption: option, KMSKeyId: own } = association.KMSKeyDetails ?? {};
    return kmsKeyId ?? (option === 'CUSTOMER_MANAGED_CMK' ? own : undefined);
};
/** Packs source and build artifacts and uploads them under names of this run's own, which its post step removes. */
const reviewer_source_upload = async (packing, services) => {
    const { asked, target, range, token, folder } = packing;
    const { host, s3, root, repository } = services;
    const { sourcePaths, buildPaths } = asked;
    const history = range === undefined ? 'without' : 'with';
    const source = await sourceArtifact({ root, sourcePaths, history, repository, temporary: folder });
    const build = await buildArtifact(buildPaths, root, folder);
    const bucket = bucketOf(target, asked);
    const owned = { bucket, owner: target.account, region: target.region };
    const prefix = `aws-delivery/${token}`;
    const artifacts = build === undefined ? [source] : [source, build];
    (0,upload/* saveUpload */.f)(host, { ...owned, folder, keys: artifacts.map(({ name }) => `${prefix}/${name}`) });
    const store = new ArtifactStore({ ...owned, prefix, kmsKeyId: keyOf(target, asked) }, { s3, clock: host.clock, signal: host.signal });
    const [stored, built] = [await store.put(source), build === undefined ? undefined : await store.put(build)];
    host.log.info(`Uploaded ${[stored, built].flatMap((each) => each?.uri ?? []).join(' and ')}`);
    return {
        bucket,
        artifacts: {
            SourceCodeArtifactsObjectKey: stored.key,
            ...(built === undefined ? {} : { BuildArtifactsObjectKey: built.key }),
        },
    };
};
/** Followed slower than the documented rate of one call a second, since other jobs of the account ask as well. */
const PACE = { first: 5000, ceiling: 10_000 };
const QUIET = 60_000;
const follow = async (arn, deadline, { host, reviewer }) => {
    const { clock, log, signal } = host;
    const line = (elapsed) => `The review goes on, ${(0,src_clock/* durationText */.S)(elapsed)} by now`;
    return (0,src_log/* withHeartbeat */.px)({ log: (0,src_log/* withElapsed */.nC)(log, clock), clock, quiet: QUIET, line }, () => (0,poll/* poll */.w)({
        what: `code review ${arn} to be completed`,
        clock,
        signal,
        deadline,
        pace: PACE,
        read: async () => {
            const value = await reviewer.review(arn);
            return value.State === 'Pending' ? { state: 'pending' } : { state: 'done', value };
        },
    }));
};
const answer = async (arn, deadline, services) => {
    const { State: state = 'of no state', StateReason: reason } = await follow(arn, deadline, services);
    if (state !== 'Completed') {
        const text = `code review ${arn} is ${state}${reason === undefined ? '' : `: ${reason}`}`;
        return { ...(0,trouble/* silentLook */.N)({ source: 'codeguru-reviewer', kind: 'unavailable', text }), reviewArn: arn };
    }
    const recommendations = await services.reviewer.recommendations(arn);
    const findings = recommendations.filter(recommendation/* isFinding */.qd).map(recommendation/* findingOf */.hD);
    return { source: 'codeguru-reviewer', scanners: [recommendation/* REVIEWER */.M0], findings, troubles: [], reviewArn: arn };
};
const review = async (packing, deadline, services) => {
    const { target, range, token } = packing;
    const { association } = target;
    const { host, reviewer, change } = services;
    const code = association.ProviderType === 'S3Bucket' ? await reviewer_source_upload(packing, services) : undefined;
    const created = await reviewer.createReview(reviewRequest({ association, change, range, code, token, variables: host.variables }));
    const arn = created.CodeReviewArn;
    if (arn === undefined)
        throw new src_error/* DeliveryError */.V('unexpected', 'CreateCodeReview named no ARN');
    const what = range === undefined ? 'everything' : `changes from ${range.base.slice(0, 12)} to ${range.head.slice(0, 12)}`;
    host.log.info(`Review of ${what}: ${arn}`);
    return answer(arn, deadline, services);
};
/**
 * A review by CodeGuru Reviewer: finds the association, uploads the code, starts the review, awaits it and fetches what
 * it recommends. Throws what AWS says where it says no.
 */
const askReviewer = async (asked, services) => {
    const { host, reviewer, root, history } = services;
    const { clock, log, signal, variables } = host;
    const deadline = clock.now() + asked.timeout;
    const names = { given: asked.association, repository: variables['GITHUB_REPOSITORY'], folder: (0,external_node_path_.basename)(root) };
    const found = await findAssociation(names, { reviewer, clock, signal, deadline });
    if (found.kind === 'none') {
        return (0,trouble/* silentLook */.N)({ source: 'codeguru-reviewer', kind: 'no-association', text: found.text });
    }
    const target = targetOf(found.association);
    log.info(`Association ${target.association.Name ?? ''} (${target.association.ProviderType ?? ''})`);
    const range = await history.range();
    const fallback = `local-${clock.now()}`;
    const { name: token } = (0,run_name/* runName */.r)(variables, [target.association.AssociationArn, root], fallback);
    const folder = await (0,promises_.mkdtemp)((0,external_node_path_.join)(services.temporary, 'codeguru-review-'));
    try {
        return await review({ asked, target, range, token, folder }, deadline, services);
    }
    finally {
        await (0,promises_.rm)(folder, { recursive: true, force: true });
    }
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


/***/ }),

/***/ 2197:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   X: () => (/* binding */ pathOf),
/* harmony export */   z: () => (/* binding */ fileError)
/* harmony export */ });
/* harmony import */ var _aws_delivery_action_kit_error__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8341);

const MEANINGS = {
    ENOENT: { code: 'not-found', rule: 'does not exist: correct the path, or build it before this step' },
    ENOTDIR: { code: 'not-found', rule: 'does not exist: a part of its path is a file' },
    EACCES: { code: 'denied', rule: 'cannot be read: give this user the right to read it' },
    EPERM: { code: 'denied', rule: 'cannot be read: give this user the right to read it' },
    ELOOP: { code: 'refused', rule: 'is a symbolic link that leads back to itself: remove it' },
    EISDIR: { code: 'invalid-input', rule: 'is a folder: name a file in it' },
};
const textField = (error, name) => {
    const value = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
    return typeof value === 'string' ? value : undefined;
};
/** The path that an error of the file system is about, where it says so. */
const pathOf = (error) => textField(error, 'path');
/** What the file system said, as an error for people: the path, what is wrong with it, what to do. */
const fileError = (path, error) => {
    if (error instanceof _aws_delivery_action_kit_error__WEBPACK_IMPORTED_MODULE_0__/* .DeliveryError */ .V)
        return error;
    const { code, rule } = MEANINGS[textField(error, 'code') ?? ''] ?? { code: 'unexpected', rule: (0,_aws_delivery_action_kit_error__WEBPACK_IMPORTED_MODULE_0__/* .textOf */ .b)(error) };
    return new _aws_delivery_action_kit_error__WEBPACK_IMPORTED_MODULE_0__/* .DeliveryError */ .V(code, `'${path}' ${rule}`, { cause: error });
};


/***/ })

};
