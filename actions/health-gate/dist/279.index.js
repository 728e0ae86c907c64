export const id = 279;
export const ids = [279];
export const modules = {

/***/ 279:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  readFootprint: () => (/* binding */ readFootprint)
});

// EXTERNAL MODULE: ./packages/action-kit/build/src/error.js
var error = __webpack_require__(8341);
// EXTERNAL MODULE: ./packages/action-kit/build/src/nearest.js
var nearest = __webpack_require__(1353);
;// CONCATENATED MODULE: ./packages/template/build/src/error.js
/** The one error class of this package. The message is without the position, so that callers can annotate it. */
class TemplateError extends Error {
    code;
    name = 'TemplateError';
    /** Where in the document, empty for the whole of it. */
    path;
    /** Where in the text, when the place is known. */
    position;
    constructor(code, message, where = {}) {
        super(message, { cause: where.cause });
        this.code = code;
        this.path = where.path ?? [];
        this.position = where.position;
    }
}

;// CONCATENATED MODULE: ./packages/template/build/src/value.js
const isList = (value) => Array.isArray(value);
const isMapping = (value) => typeof value === 'object' && value !== null && !isList(value);
/** A scalar as CloudFormation hands it to a resource or a parameter; undefined for lists, mappings and null. */
const textOfScalar = (value) => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
/** Whether two values say the same; `1` and `'1'` do, as they do to CloudFormation. Order of keys does not matter. */
const isSame = (left, right) => {
    if (isList(left) && isList(right)) {
        return left.length === right.length && left.every((item, index) => isSame(item, right[index]));
    }
    if (isMapping(left) && isMapping(right)) {
        const keys = Object.keys(left);
        return (keys.length === Object.keys(right).length &&
            keys.every((key) => Object.hasOwn(right, key) && isSame(left[key], right[key])));
    }
    const [leftText, rightText] = [textOfScalar(left), textOfScalar(right)];
    return leftText === undefined || rightText === undefined ? left === right : leftText === rightText;
};
/** The intrinsic function a mapping stands for, if it is one: a single key that is `Ref`, `Condition` or `Fn::…`. */
const intrinsicOf = (value) => {
    if (!isMapping(value))
        return undefined;
    const [[name, argument] = [], ...others] = Object.entries(value);
    if (name === undefined || argument === undefined || others.length > 0)
        return undefined;
    return name === 'Ref' || name === 'Condition' || name.startsWith('Fn::') ? { name, argument } : undefined;
};

;// CONCATENATED MODULE: ./packages/template/build/src/section.js


/** Limits of one template; aws-facts §1.8. */
const LIMITS = { Parameters: 200, Mappings: 200, Resources: 500, Outputs: 200 };
/** Reads the sections of a document, part by part; says where a part stands that has the wrong shape. */
class Sections {
    source;
    constructor(source) {
        this.source = source;
    }
    wrong(path, rule) {
        const place = path.length === 0 ? 'the template' : path.join('.');
        return new TemplateError('format', `${place} ${rule}`, { path, position: this.source.positionOf(path) });
    }
    mapping(value, path) {
        if (value === undefined)
            return {};
        if (!isMapping(value))
            throw this.wrong(path, 'must be a mapping of names to values');
        const limit = path.length === 1 ? LIMITS[String(path[0])] : undefined;
        const count = Object.keys(value).length;
        if (limit !== undefined && count > limit)
            throw this.wrong(path, `has ${count} entries: split it, ${limit} are allowed`);
        return value;
    }
    /** The declarations of a section by name, each made by `declare`; loops and macros over them are left to AWS. */
    declarations(document, section, declare) {
        return new Map(Object.entries(this.mapping(document[section], [section]))
            .filter(([name]) => !/^Fn::(ForEach::|Transform$)/.test(name))
            .map(([name, value]) => [name, declare(name, this.mapping(value, [section, name]), [section, name])]));
    }
    text(declaration, key, path) {
        const value = declaration[key];
        const text = textOfScalar(value);
        if (value !== undefined && text === undefined)
            throw this.wrong([...path, key], 'must be a text');
        return text;
    }
    number(declaration, key, path) {
        const text = this.text(declaration, key, path);
        if (text === undefined)
            return undefined;
        const value = Number(text);
        if (text.trim() === '' || Number.isNaN(value))
            throw this.wrong([...path, key], `is ${text}: it must be a number`);
        return value;
    }
    /** A list of texts; one text alone counts as a list of it (`DependsOn`, `Transform`). */
    texts(declaration, key, path) {
        const value = declaration[key];
        if (value === undefined)
            return undefined;
        return (isList(value) ? value : [value]).map((item) => {
            const text = textOfScalar(isMapping(item) ? item['Name'] : item);
            if (text === undefined)
                throw this.wrong([...path, key], 'must be a text or a list of texts');
            return text;
        });
    }
}

// EXTERNAL MODULE: ./node_modules/yaml/dist/index.js
var dist = __webpack_require__(8815);
;// CONCATENATED MODULE: ./packages/template/build/src/tag.js
const FUNCTIONS = [
    ...['And', 'Base64', 'Cidr', 'Contains', 'EachMemberEquals', 'EachMemberIn', 'Equals', 'FindInMap', 'ForEach'],
    ...['GetAtt', 'GetAZs', 'GetStackOutput', 'If', 'ImportValue', 'Join', 'Length', 'Not', 'Or', 'RefAll', 'Select'],
    ...['Split', 'Sub', 'ToJsonString', 'Transform', 'ValueOf', 'ValueOfAll'],
];
/** Short tag → key of the long form: `!Sub` → `Fn::Sub`. */
const LONG_FORMS = new Map([
    ['!Ref', 'Ref'],
    ['!Condition', 'Condition'],
    ...FUNCTIONS.map((name) => [`!${name}`, `Fn::${name}`]),
]);
/** `Queue.Arn` as a list of resource and attribute; attributes may have dots themselves (`Nested.Outputs.Name`). */
const splitAttribute = (text) => {
    const dot = text.indexOf('.');
    return dot === -1 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
};
/** The key of the long form of a short tag; undefined for a tag CloudFormation does not know. */
const longFormOf = (tag) => LONG_FORMS.get(tag);
const shortTags = [...LONG_FORMS.keys()];
/** The argument as the long form has it: `!GetAtt` writes in one text what `Fn::GetAtt` has in a list. */
const argumentOf = (key, value) => key === 'Fn::GetAtt' && typeof value === 'string' ? splitAttribute(value) : value;

;// CONCATENATED MODULE: ./packages/template/build/src/source.js





/** CloudFormation takes templates up to 1 MB (through S3); aws-facts §1.8. */
const LARGEST_TEXT = 1_048_576;
/** What aliases may blow a text up to: far above what 500 resources need, far below what hurts. */
const MOST_VALUES = 500_000;
/** An alias inside its own anchor never ends. */
const DEEPEST = 200;
/** Walks the nodes of a document into values, and remembers where each stood. */
class Reader {
    document;
    lines;
    places = new WeakMap();
    #values = 0;
    #depth = 0;
    constructor(document, lines) {
        this.document = document;
        this.lines = lines;
    }
    read(node) {
        this.#values += 1;
        this.#depth += 1;
        if (this.#values > MOST_VALUES || this.#depth > DEEPEST) {
            const limit = `at most ${MOST_VALUES} values, ${DEEPEST} levels deep`;
            throw new TemplateError('syntax', `the template grows beyond bounds (${limit}): do not nest aliases`);
        }
        const value = (0,dist/* isAlias */.Vj)(node) ? this.read(node.resolve(this.document)) : this.#tagged(node);
        this.#depth -= 1;
        return value;
    }
    #tagged(node) {
        const tag = (0,dist/* isNode */.Ll)(node) ? node.tag : undefined;
        if (!(0,dist/* isNode */.Ll)(node) || tag === undefined || !tag.startsWith('!'))
            return this.#untagged(node);
        const offset = offsetOf(node);
        const key = longFormOf(tag);
        if (key !== undefined)
            return this.#mark({ [key]: argumentOf(key, this.#untagged(node)) }, [[key, offset]]);
        const near = (0,nearest/* nearest */.p)(tag, shortTags);
        const remedy = near === undefined ? 'use one of its functions' : `did you mean ${near.name}`;
        const position = positionAt(this.lines, offset);
        throw new TemplateError('syntax', `${tag} is not a tag of CloudFormation: ${remedy}`, { position });
    }
    #untagged(node) {
        if ((0,dist/* isSeq */.oP)(node)) {
            const value = node.items.map((item) => this.read(item));
            return this.#mark(value, node.items.map((item, index) => [index, offsetOf(item)]));
        }
        if ((0,dist/* isMap */.jh)(node)) {
            const keys = node.items.map(({ key }) => String(this.read(key)));
            const value = Object.fromEntries(node.items.map((pair, index) => [keys[index], this.read(pair.value)]));
            return this.#mark(value, node.items.map(({ key }, index) => [keys[index] ?? '', offsetOf(key)]));
        }
        return (0,dist/* isScalar */.jn)(node) ? scalarOf(node.value, node.source) : null;
    }
    #mark(value, places) {
        this.places.set(value, new Map(places));
        return value;
    }
}
const offsetOf = (node) => ((0,dist/* isNode */.Ll)(node) ? (node.range?.[0] ?? 0) : 0);
const positionAt = (lines, offset) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
};
/** Account ids keep their leading zeros and versions their last one: a number that would read otherwise stays text. */
const scalarOf = (value, source) => {
    if (typeof value === 'number')
        return source === undefined || String(value) === source ? value : source;
    return typeof value === 'string' || typeof value === 'boolean' ? value : null;
};
const locate = (root, places, path) => {
    let value = root;
    let offset;
    for (const step of path) {
        if (!isList(value) && !isMapping(value))
            return offset;
        const found = places.get(value)?.get(step);
        if (found === undefined)
            return offset;
        offset = found;
        value = isList(value) ? value[Number(step)] : value[step];
    }
    return offset;
};
const parseText = (text, lines) => {
    const document = (0,dist/* parseDocument */.Tp)(text, { lineCounter: lines, logLevel: 'silent', schema: 'core' });
    const [error] = document.errors;
    if (error === undefined)
        return document;
    const [summary = ''] = error.message.split(/ at line \d+, column \d+/);
    throw new TemplateError('syntax', `${summary.charAt(0).toLowerCase()}${summary.slice(1)}`, {
        position: positionAt(lines, error.pos[0]),
        cause: error,
    });
};
/**
 * Reads a template's text. YAML contains JSON, so that one reader gives both their positions.
 * @throws TemplateError `syntax`, with the position, for what is neither.
 */
const parseSource = (text) => {
    const size = Buffer.byteLength(text);
    if (size > LARGEST_TEXT) {
        throw new TemplateError('syntax', `the template has ${size} bytes, CloudFormation takes ${LARGEST_TEXT}: split it`);
    }
    const lines = new dist/* LineCounter */.HN();
    const document = parseText(text, lines);
    const reader = new Reader(document, lines);
    const value = reader.read(document.contents);
    return {
        format: text.trimStart().startsWith('{') ? 'json' : 'yaml',
        value,
        positionOf: (path) => {
            const offset = locate(value, reader.places, path);
            return offset === undefined ? undefined : positionAt(lines, offset);
        },
    };
};

;// CONCATENATED MODULE: ./packages/template/build/src/template.js




const SECTIONS = new Set([
    ...['AWSTemplateFormatVersion', 'Description', 'Metadata', 'Parameters', 'Rules', 'Mappings', 'Conditions'],
    ...['Transform', 'Resources', 'Outputs', 'Hooks', 'Globals'],
]);
const parameterOf = (sections, name, declaration, path) => {
    const type = sections.text(declaration, 'Type', path);
    if (type === undefined)
        throw sections.wrong(path, 'must have a Type, for example String');
    return {
        name,
        type,
        default: sections.text(declaration, 'Default', path),
        description: sections.text(declaration, 'Description', path),
        allowedValues: sections.texts(declaration, 'AllowedValues', path),
        allowedPattern: sections.text(declaration, 'AllowedPattern', path),
        minLength: sections.number(declaration, 'MinLength', path),
        maxLength: sections.number(declaration, 'MaxLength', path),
        minValue: sections.number(declaration, 'MinValue', path),
        maxValue: sections.number(declaration, 'MaxValue', path),
        constraintDescription: sections.text(declaration, 'ConstraintDescription', path),
        noEcho: sections.text(declaration, 'NoEcho', path)?.toLowerCase() === 'true',
    };
};
const resourceOf = (sections, logicalId, declaration, path) => {
    if (!/^[A-Za-z0-9]{1,255}$/.test(logicalId))
        throw sections.wrong(path, 'must have a name of letters and digits only');
    const type = sections.text(declaration, 'Type', path);
    if (type === undefined)
        throw sections.wrong(path, 'must have a Type, for example AWS::S3::Bucket');
    return {
        logicalId,
        type,
        properties: sections.mapping(declaration['Properties'], [...path, 'Properties']),
        metadata: sections.mapping(declaration['Metadata'], [...path, 'Metadata']),
        condition: sections.text(declaration, 'Condition', path),
        dependsOn: sections.texts(declaration, 'DependsOn', path) ?? [],
        deletionPolicy: textOfScalar(declaration['DeletionPolicy']),
        updateReplacePolicy: textOfScalar(declaration['UpdateReplacePolicy']),
        declaration,
    };
};
const outputOf = (sections, name, declaration, path) => {
    const value = declaration['Value'];
    if (value === undefined || value === null)
        throw sections.wrong(path, 'must have a Value');
    return {
        name,
        value,
        description: sections.text(declaration, 'Description', path),
        exportName: sections.mapping(declaration['Export'], [...path, 'Export'])['Name'],
        condition: sections.text(declaration, 'Condition', path),
    };
};
const sectionsIn = (source, sections) => {
    const document = sections.mapping(source.value, []);
    for (const name of Object.keys(document)) {
        if (SECTIONS.has(name))
            continue;
        const near = (0,nearest/* nearest */.p)(name, [...SECTIONS]);
        const remedy = near === undefined ? `use ${[...SECTIONS].join(', ')}` : `did you mean ${near.name}`;
        throw sections.wrong([name], `is no section of a template: ${remedy}`);
    }
    if (Object.keys(sections.mapping(document['Resources'], ['Resources'])).length > 0)
        return document;
    throw sections.wrong([], 'must declare at least one resource under Resources');
};
/**
 * Reads a template.
 * @throws TemplateError `syntax` or `format` at the first part that is not as a template has it.
 */
const parseTemplate = (text) => {
    const source = parseSource(text);
    const sections = new Sections(source);
    const document = sectionsIn(source, sections);
    return {
        format: source.format,
        document,
        description: sections.text(document, 'Description', []),
        metadata: sections.mapping(document['Metadata'], ['Metadata']),
        transforms: sections.texts(document, 'Transform', []) ?? [],
        parameters: sections.declarations(document, 'Parameters', (...part) => parameterOf(sections, ...part)),
        mappings: sections.mapping(document['Mappings'], ['Mappings']),
        conditions: new Map(Object.entries(sections.mapping(document['Conditions'], ['Conditions']))),
        resources: sections.declarations(document, 'Resources', (...part) => resourceOf(sections, ...part)),
        outputs: sections.declarations(document, 'Outputs', (...part) => outputOf(sections, ...part)),
        positionOf: (path) => source.positionOf(path),
    };
};

;// CONCATENATED MODULE: ./actions/health-gate/build/src/declared-types.js

const LOOP = 'Fn::ForEach::';
const MACRO = 'Fn::Transform';
/** `Fn::ForEach::Queues: [Name, [a, b], { "Queue${Name}": { Type: … } }]` */
const bodyOf = (loop) => (isList(loop) ? loop.at(-1) : undefined);
/** The resource types under a declaration, those of loops within loops too; what is no type is named as it stands. */
const typesUnder = (name, declaration) => {
    if (name === MACRO)
        return [`what ${MACRO} adds`];
    const body = name.startsWith(LOOP) ? bodyOf(declaration) : undefined;
    if (isMapping(body))
        return Object.entries(body).flatMap(([inner, value]) => typesUnder(inner, value));
    const type = isMapping(declaration) ? textOfScalar(declaration['Type']) : undefined;
    return [type ?? `what ${name} makes`];
};
/** AWS's own leave types as they are declared, or have types of their own, which the map knows. */
const isForeign = (transform) => !transform.startsWith('AWS::') || transform === 'AWS::Include';
/** The resource types that a template declares, and in words what may be added to them and cannot be seen from here. */
const declaredTypes = ({ document, transforms }) => {
    const resources = isMapping(document['Resources']) ? document['Resources'] : {};
    return [
        ...Object.entries(resources).flatMap(([name, declaration]) => typesUnder(name, declaration)),
        ...transforms.filter(isForeign).map((transform) => `what the macro ${transform} adds`),
    ];
};

// EXTERNAL MODULE: ./actions/health-gate/build/src/resource-services.js
var resource_services = __webpack_require__(7299);
;// CONCATENATED MODULE: ./actions/health-gate/build/src/footprint.js




// Whatever is deployed, CloudFormation deploys it.
const ALWAYS = ['CLOUDFORMATION'];
const NESTED = 'AWS::CloudFormation::Stack';
const typesIn = async (path, reader) => {
    const text = await reader.readFile(path).catch((cause) => {
        throw new error/* DeliveryError */.V('not-found', `input 'template': '${path}' cannot be read: ${(0,error/* textOf */.b)(cause)}`, { cause });
    });
    return declaredTypes(parseTemplate(text));
};
const nestedIn = (resources) => resources.flatMap(({ type, physicalId }) => (type === NESTED && physicalId !== undefined ? [physicalId] : []));
/** The resources of a stack and of the stacks nested in it. */
const allResources = async (stack, reader) => {
    const found = [];
    const waiting = [stack];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const resources = await reader.stackResources(next);
        // A nested stack that could be looked into is no longer a type unknown.
        found.push(...resources.filter(({ type, physicalId }) => type !== NESTED || physicalId === undefined));
        waiting.push(...nestedIn(resources));
    }
    return found;
};
/** A guess that can only add: most codes are the namespace in upper case. */
const guessOf = (type) => {
    const [owner, namespace] = type.split('::');
    return owner === 'AWS' && namespace !== undefined ? [namespace.toUpperCase()] : [];
};
/** What a deployment touches, as far as the map of resource types knows. */
const readFootprint = async (deployment, reader) => {
    const { template, stack } = deployment;
    const declared = template === undefined ? [] : await typesIn(template, reader);
    const existing = stack === undefined ? [] : await allResources(stack, reader);
    const types = [...new Set([...declared, ...existing.map(({ type }) => type)])].sort();
    const unmapped = types.filter((type) => (0,resource_services/* servicesOf */.Yj)(type) === undefined);
    const services = [...ALWAYS, ...types.flatMap((type) => (0,resource_services/* servicesOf */.Yj)(type) ?? guessOf(type))];
    return {
        services: [...new Set(services)].sort(),
        unmapped,
        resources: existing.flatMap(({ physicalId }) => (physicalId === undefined ? [] : [physicalId])),
    };
};


/***/ })

};
