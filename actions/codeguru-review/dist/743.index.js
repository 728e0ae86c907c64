export const id = 743;
export const ids = [743];
export const modules = {

/***/ 2632:
/***/ ((__unused_webpack_module, exports, __webpack_require__) => {


Object.defineProperty(exports, "__esModule", ({ value: true }));
exports.resolveHttpAuthSchemeConfig = exports.defaultCodeGuruReviewerHttpAuthSchemeProvider = exports.defaultCodeGuruReviewerHttpAuthSchemeParametersProvider = void 0;
const httpAuthSchemes_1 = __webpack_require__(7523);
const client_1 = __webpack_require__(2658);
const defaultCodeGuruReviewerHttpAuthSchemeParametersProvider = async (config, context, input) => {
    return {
        operation: (0, client_1.getSmithyContext)(context).operation,
        region: await (0, client_1.normalizeProvider)(config.region)() || (() => {
            throw new Error("expected `region` to be configured for `aws.auth#sigv4`");
        })(),
    };
};
exports.defaultCodeGuruReviewerHttpAuthSchemeParametersProvider = defaultCodeGuruReviewerHttpAuthSchemeParametersProvider;
function createAwsAuthSigv4HttpAuthOption(authParameters) {
    return {
        schemeId: "aws.auth#sigv4",
        signingProperties: {
            name: "codeguru-reviewer",
            region: authParameters.region,
        },
        propertiesExtractor: (config, context) => ({
            signingProperties: {
                config,
                context,
            },
        }),
    };
}
const defaultCodeGuruReviewerHttpAuthSchemeProvider = (authParameters) => {
    const options = [];
    switch (authParameters.operation) {
        default: {
            options.push(createAwsAuthSigv4HttpAuthOption(authParameters));
        }
    }
    return options;
};
exports.defaultCodeGuruReviewerHttpAuthSchemeProvider = defaultCodeGuruReviewerHttpAuthSchemeProvider;
const resolveHttpAuthSchemeConfig = (config) => {
    const config_0 = (0, httpAuthSchemes_1.resolveAwsSdkSigV4Config)(config);
    return Object.assign(config_0, {
        authSchemePreference: (0, client_1.normalizeProvider)(config.authSchemePreference ?? []),
    });
};
exports.resolveHttpAuthSchemeConfig = resolveHttpAuthSchemeConfig;


/***/ }),

/***/ 3411:
/***/ ((__unused_webpack_module, exports, __webpack_require__) => {


Object.defineProperty(exports, "__esModule", ({ value: true }));
exports.bdd = void 0;
const endpoints_1 = __webpack_require__(2085);
const k = "ref";
const a = -1, b = true, c = "isSet", d = "PartitionResult", e = "booleanEquals", f = "getAttr", g = { [k]: "Endpoint" }, h = { [k]: d }, i = {}, j = [{ [k]: "Region" }];
const _data = {
    conditions: [
        [c, [g]],
        [c, j],
        ["aws.partition", j, d],
        [e, [{ [k]: "UseFIPS" }, b]],
        [e, [{ [k]: "UseDualStack" }, b]],
        [e, [{ fn: f, argv: [h, "supportsDualStack"] }, b]],
        [e, [{ fn: f, argv: [h, "supportsFIPS"] }, b]]
    ],
    results: [
        [a],
        [a, "Invalid Configuration: FIPS and custom endpoint are not supported"],
        [a, "Invalid Configuration: Dualstack and custom endpoint are not supported"],
        [g, i],
        ["https://codeguru-reviewer-fips.{Region}.{PartitionResult#dualStackDnsSuffix}", i],
        [a, "FIPS and DualStack are enabled, but this partition does not support one or both"],
        ["https://codeguru-reviewer-fips.{Region}.{PartitionResult#dnsSuffix}", i],
        [a, "FIPS is enabled but this partition does not support FIPS"],
        ["https://codeguru-reviewer.{Region}.{PartitionResult#dualStackDnsSuffix}", i],
        [a, "DualStack is enabled but this partition does not support DualStack"],
        ["https://codeguru-reviewer.{Region}.{PartitionResult#dnsSuffix}", i],
        [a, "Invalid Configuration: Missing Region"]
    ]
};
const root = 2;
const r = 100_000_000;
const nodes = new Int32Array([
    -1, 1, -1,
    0, 12, 3,
    1, 4, r + 11,
    2, 5, r + 11,
    3, 8, 6,
    4, 7, r + 10,
    5, r + 8, r + 9,
    4, 10, 9,
    6, r + 6, r + 7,
    5, 11, r + 5,
    6, r + 4, r + 5,
    3, r + 1, 13,
    4, r + 2, r + 3,
]);
exports.bdd = endpoints_1.BinaryDecisionDiagram.from(nodes, root, _data.conditions, _data.results);


/***/ }),

/***/ 7774:
/***/ ((__unused_webpack_module, exports, __webpack_require__) => {


Object.defineProperty(exports, "__esModule", ({ value: true }));
exports.defaultEndpointResolver = void 0;
const client_1 = __webpack_require__(5152);
const endpoints_1 = __webpack_require__(2085);
const bdd_1 = __webpack_require__(3411);
const cache = new endpoints_1.EndpointCache({
    size: 50,
    params: ["Endpoint", "Region", "UseDualStack", "UseFIPS"],
});
const defaultEndpointResolver = (endpointParams, context = {}) => {
    return cache.get(endpointParams, () => (0, endpoints_1.decideEndpoint)(bdd_1.bdd, {
        endpointParams: endpointParams,
        logger: context.logger,
    }));
};
exports.defaultEndpointResolver = defaultEndpointResolver;
endpoints_1.customEndpointFunctions.aws = client_1.awsEndpointFunctions;


/***/ }),

/***/ 6743:
/***/ ((__unused_webpack_module, exports, __webpack_require__) => {



var client$1 = __webpack_require__(5152);
var core = __webpack_require__(402);
var client = __webpack_require__(2658);
var config = __webpack_require__(7291);
var endpoints = __webpack_require__(2085);
var protocols = __webpack_require__(3422);
var retry = __webpack_require__(3609);
var schema = __webpack_require__(6890);
var httpAuthSchemeProvider = __webpack_require__(2632);
var runtimeConfig = __webpack_require__(4121);
var schemas_0 = __webpack_require__(5811);
var errors = __webpack_require__(319);
var CodeGuruReviewerServiceException = __webpack_require__(6867);

const resolveClientEndpointParameters = (options) => {
    return Object.assign(options, {
        useDualstackEndpoint: options.useDualstackEndpoint ?? false,
        useFipsEndpoint: options.useFipsEndpoint ?? false,
        defaultSigningName: "codeguru-reviewer",
    });
};
const commonParams = {
    UseFIPS: { type: "builtInParams", name: "useFipsEndpoint" },
    Endpoint: { type: "builtInParams", name: "endpoint" },
    Region: { type: "builtInParams", name: "region" },
    UseDualStack: { type: "builtInParams", name: "useDualstackEndpoint" },
};

const getHttpAuthExtensionConfiguration = (runtimeConfig) => {
    const _httpAuthSchemes = runtimeConfig.httpAuthSchemes;
    let _httpAuthSchemeProvider = runtimeConfig.httpAuthSchemeProvider;
    let _credentials = runtimeConfig.credentials;
    return {
        setHttpAuthScheme(httpAuthScheme) {
            const index = _httpAuthSchemes.findIndex((scheme) => scheme.schemeId === httpAuthScheme.schemeId);
            if (index === -1) {
                _httpAuthSchemes.push(httpAuthScheme);
            }
            else {
                _httpAuthSchemes.splice(index, 1, httpAuthScheme);
            }
        },
        httpAuthSchemes() {
            return _httpAuthSchemes;
        },
        setHttpAuthSchemeProvider(httpAuthSchemeProvider) {
            _httpAuthSchemeProvider = httpAuthSchemeProvider;
        },
        httpAuthSchemeProvider() {
            return _httpAuthSchemeProvider;
        },
        setCredentials(credentials) {
            _credentials = credentials;
        },
        credentials() {
            return _credentials;
        },
    };
};
const resolveHttpAuthRuntimeConfig = (config) => {
    return {
        httpAuthSchemes: config.httpAuthSchemes(),
        httpAuthSchemeProvider: config.httpAuthSchemeProvider(),
        credentials: config.credentials(),
    };
};

const resolveRuntimeExtensions = (runtimeConfig, extensions) => {
    const extensionConfiguration = Object.assign(client$1.getAwsRegionExtensionConfiguration(runtimeConfig), client.getDefaultExtensionConfiguration(runtimeConfig), protocols.getHttpHandlerExtensionConfiguration(runtimeConfig), getHttpAuthExtensionConfiguration(runtimeConfig));
    extensions.forEach((extension) => extension.configure(extensionConfiguration));
    return Object.assign(runtimeConfig, client$1.resolveAwsRegionExtensionConfiguration(extensionConfiguration), client.resolveDefaultRuntimeConfig(extensionConfiguration), protocols.resolveHttpHandlerRuntimeConfig(extensionConfiguration), resolveHttpAuthRuntimeConfig(extensionConfiguration));
};

class CodeGuruReviewerClient extends client.Client {
    config;
    constructor(...[configuration]) {
        const _config_0 = runtimeConfig.getRuntimeConfig(configuration || {});
        super(_config_0);
        this.initConfig = _config_0;
        const _config_1 = resolveClientEndpointParameters(_config_0);
        const _config_2 = client$1.resolveUserAgentConfig(_config_1);
        const _config_3 = retry.resolveRetryConfig(_config_2);
        const _config_4 = config.resolveRegionConfig(_config_3);
        const _config_5 = client$1.resolveHostHeaderConfig(_config_4);
        const _config_6 = endpoints.resolveEndpointConfig(_config_5);
        const _config_7 = httpAuthSchemeProvider.resolveHttpAuthSchemeConfig(_config_6);
        const _config_8 = resolveRuntimeExtensions(_config_7, configuration?.extensions || []);
        this.config = _config_8;
        this.middlewareStack.use(schema.getSchemaSerdePlugin(this.config));
        this.middlewareStack.use(client$1.getUserAgentPlugin(this.config));
        this.middlewareStack.use(retry.getRetryPlugin(this.config));
        this.middlewareStack.use(protocols.getContentLengthPlugin(this.config));
        this.middlewareStack.use(client$1.getHostHeaderPlugin(this.config));
        this.middlewareStack.use(client$1.getLoggerPlugin(this.config));
        this.middlewareStack.use(client$1.getRecursionDetectionPlugin(this.config));
        this.middlewareStack.use(core.getHttpAuthSchemeEndpointRuleSetPlugin(this.config, {
            httpAuthSchemeParametersProvider: httpAuthSchemeProvider.defaultCodeGuruReviewerHttpAuthSchemeParametersProvider,
            identityProviderConfigProvider: async (config) => new core.DefaultIdentityProviderConfig({
                "aws.auth#sigv4": config.credentials,
            }),
        }));
        this.middlewareStack.use(core.getHttpSigningPlugin(this.config));
    }
    destroy() {
        super.destroy();
    }
}

class AssociateRepositoryCommand extends client.Command
    .classBuilder()
    .ep(commonParams)
    .m(function (Command, cs, config, o) {
    return [endpoints.getEndpointPlugin(config, Command.getEndpointParameterInstructions())];
})
    .s("AWSGuruFrontendService", "AssociateRepository", {})
    .n("CodeGuruReviewerClient", "AssociateRepositoryCommand")
    .sc(schemas_0.AssociateRepository$)
    .build() {
}

class CreateCodeReviewCommand extends client.Command
    .classBuilder()
    .ep(commonParams)
    .m(function (Command, cs, config, o) {
    return [endpoints.getEndpointPlugin(config, Command.getEndpointParameterInstructions())];
})
    .s("AWSGuruFrontendService", "CreateCodeReview", {})
    .n("CodeGuruReviewerClient", "CreateCodeReviewCommand")
    .sc(schemas_0.CreateCodeReview$)
    .build() {
}

class DescribeCodeReviewCommand extends client.Command
    .classBuilder()
    .ep(commonParams)
    .m(function (Command, cs, config, o) {
    return [endpoints.getEndpointPlugin(config, Command.getEndpointParameterInstructions())];
})
    .s("AWSGuruFrontendService", "DescribeCodeReview", {})
    .n("CodeGuruReviewerClient", "DescribeCodeReviewCommand")
    .sc(schemas_0.DescribeCodeReview$)
    .build() {
}

class DescribeRecommendationFeedbackCommand extends client.Command
    .classBuilder()
    .ep(commonParams)
    .m(function (Command, cs, config, o) {
    return [endpoints.getEndpointPlugin(config, Command.getEndpointParameterInstructions())];
})
    .s("AWSGuruFrontendService", "DescribeRecommendationFeedback", {})
    .n("CodeGuruReviewerClient", "DescribeRecommendationFeedbackCommand")
    .sc(schemas_0.DescribeRecommendationFeedback$)
    .build() {
}

class DescribeRepositoryAssociationCommand extends client.Command
    .classBuilder()
    .ep(commonParams)
    .m(function (Command, cs, config, o) {
    return [endpoints.getEndpointPlugin(config, Command.getEndpointParameterInstructions())];
})
    .s("AWSGuruFrontendService", "DescribeRepositoryAssociation", {})
    .n("CodeGuruReviewerClient", "DescribeRepositoryAssociationCommand")
    .sc(schemas_0.DescribeRepositoryAssociation$)
    .build() {
}

class DisassociateRepositoryCommand extends client.Command
    .classBuilder()
    .ep(commonParams)
    .m(function (Command, cs, config, o) {
    return [endpoints.getEndpointPlugin(config, Command.getEndpointParameterInstructions())];
})
    .s("AWSGuruFrontendService", "DisassociateRepository", {})
    .n("CodeGuruReviewerClient", "DisassociateRepositoryCommand")
    .sc(schemas_0.DisassociateRepository$)
    .build() {
}

class ListCodeReviewsCommand extends client.Command
    .classBuilder()
    .ep(commonParams)
    .m(function (Command, cs, config, o) {
    return [endpoints.getEndpointPlugin(config, Command.getEndpointParameterInstructions())];
})
    .s("AWSGuruFrontendService", "ListCodeReviews", {})
    .n("CodeGuruReviewerClient", "ListCodeReviewsCommand")
    .sc(schemas_0.ListCodeReviews$)
    .build() {
}

class ListRecommendationFeedbackCommand extends client.Command
    .classBuilder()
    .ep(commonParams)
    .m(function (Command, cs, config, o) {
    return [endpoints.getEndpointPlugin(config, Command.getEndpointParameterInstructions())];
})
    .s("AWSGuruFrontendService", "ListRecommendationFeedback", {})
    .n("CodeGuruReviewerClient", "ListRecommendationFeedbackCommand")
    .sc(schemas_0.ListRecommendationFeedback$)
    .build() {
}

class ListRecommendationsCommand extends client.Command
    .classBuilder()
    .ep(commonParams)
    .m(function (Command, cs, config, o) {
    return [endpoints.getEndpointPlugin(config, Command.getEndpointParameterInstructions())];
})
    .s("AWSGuruFrontendService", "ListRecommendations", {})
    .n("CodeGuruReviewerClient", "ListRecommendationsCommand")
    .sc(schemas_0.ListRecommendations$)
    .build() {
}

class ListRepositoryAssociationsCommand extends client.Command
    .classBuilder()
    .ep(commonParams)
    .m(function (Command, cs, config, o) {
    return [endpoints.getEndpointPlugin(config, Command.getEndpointParameterInstructions())];
})
    .s("AWSGuruFrontendService", "ListRepositoryAssociations", {})
    .n("CodeGuruReviewerClient", "ListRepositoryAssociationsCommand")
    .sc(schemas_0.ListRepositoryAssociations$)
    .build() {
}

class ListTagsForResourceCommand extends client.Command
    .classBuilder()
    .ep(commonParams)
    .m(function (Command, cs, config, o) {
    return [endpoints.getEndpointPlugin(config, Command.getEndpointParameterInstructions())];
})
    .s("AWSGuruFrontendService", "ListTagsForResource", {})
    .n("CodeGuruReviewerClient", "ListTagsForResourceCommand")
    .sc(schemas_0.ListTagsForResource$)
    .build() {
}

class PutRecommendationFeedbackCommand extends client.Command
    .classBuilder()
    .ep(commonParams)
    .m(function (Command, cs, config, o) {
    return [endpoints.getEndpointPlugin(config, Command.getEndpointParameterInstructions())];
})
    .s("AWSGuruFrontendService", "PutRecommendationFeedback", {})
    .n("CodeGuruReviewerClient", "PutRecommendationFeedbackCommand")
    .sc(schemas_0.PutRecommendationFeedback$)
    .build() {
}

class TagResourceCommand extends client.Command
    .classBuilder()
    .ep(commonParams)
    .m(function (Command, cs, config, o) {
    return [endpoints.getEndpointPlugin(config, Command.getEndpointParameterInstructions())];
})
    .s("AWSGuruFrontendService", "TagResource", {})
    .n("CodeGuruReviewerClient", "TagResourceCommand")
    .sc(schemas_0.TagResource$)
    .build() {
}

class UntagResourceCommand extends client.Command
    .classBuilder()
    .ep(commonParams)
    .m(function (Command, cs, config, o) {
    return [endpoints.getEndpointPlugin(config, Command.getEndpointParameterInstructions())];
})
    .s("AWSGuruFrontendService", "UntagResource", {})
    .n("CodeGuruReviewerClient", "UntagResourceCommand")
    .sc(schemas_0.UntagResource$)
    .build() {
}

const paginateListCodeReviews = core.createPaginator(CodeGuruReviewerClient, ListCodeReviewsCommand, "NextToken", "NextToken", "MaxResults");

const paginateListRecommendationFeedback = core.createPaginator(CodeGuruReviewerClient, ListRecommendationFeedbackCommand, "NextToken", "NextToken", "MaxResults");

const paginateListRecommendations = core.createPaginator(CodeGuruReviewerClient, ListRecommendationsCommand, "NextToken", "NextToken", "MaxResults");

const paginateListRepositoryAssociations = core.createPaginator(CodeGuruReviewerClient, ListRepositoryAssociationsCommand, "NextToken", "NextToken", "MaxResults");

const checkState$1 = async (client$1, input) => {
    let reason;
    try {
        let result = await client$1.send(new DescribeCodeReviewCommand(input));
        reason = result;
        try {
            const returnComparator = () => {
                return result.CodeReview.State;
            };
            if (returnComparator() === "Completed") {
                return { state: client.WaiterState.SUCCESS, reason };
            }
        }
        catch (e) { }
        try {
            const returnComparator = () => {
                return result.CodeReview.State;
            };
            if (returnComparator() === "Failed") {
                return { state: client.WaiterState.FAILURE, reason };
            }
        }
        catch (e) { }
        try {
            const returnComparator = () => {
                return result.CodeReview.State;
            };
            if (returnComparator() === "Pending") {
                return { state: client.WaiterState.RETRY, reason };
            }
        }
        catch (e) { }
    }
    catch (exception) {
        reason = exception;
    }
    return { state: client.WaiterState.RETRY, reason };
};
const waitForCodeReviewCompleted = async (params, input) => {
    const serviceDefaults = { minDelay: 10, maxDelay: 120 };
    return client.createWaiter({ ...serviceDefaults, ...params }, input, checkState$1);
};
const waitUntilCodeReviewCompleted = async (params, input) => {
    const serviceDefaults = { minDelay: 10, maxDelay: 120 };
    const result = await client.createWaiter({ ...serviceDefaults, ...params }, input, checkState$1);
    return client.checkExceptions(result);
};

const checkState = async (client$1, input) => {
    let reason;
    try {
        let result = await client$1.send(new DescribeRepositoryAssociationCommand(input));
        reason = result;
        try {
            const returnComparator = () => {
                return result.RepositoryAssociation.State;
            };
            if (returnComparator() === "Associated") {
                return { state: client.WaiterState.SUCCESS, reason };
            }
        }
        catch (e) { }
        try {
            const returnComparator = () => {
                return result.RepositoryAssociation.State;
            };
            if (returnComparator() === "Failed") {
                return { state: client.WaiterState.FAILURE, reason };
            }
        }
        catch (e) { }
        try {
            const returnComparator = () => {
                return result.RepositoryAssociation.State;
            };
            if (returnComparator() === "Associating") {
                return { state: client.WaiterState.RETRY, reason };
            }
        }
        catch (e) { }
    }
    catch (exception) {
        reason = exception;
    }
    return { state: client.WaiterState.RETRY, reason };
};
const waitForRepositoryAssociationSucceeded = async (params, input) => {
    const serviceDefaults = { minDelay: 10, maxDelay: 120 };
    return client.createWaiter({ ...serviceDefaults, ...params }, input, checkState);
};
const waitUntilRepositoryAssociationSucceeded = async (params, input) => {
    const serviceDefaults = { minDelay: 10, maxDelay: 120 };
    const result = await client.createWaiter({ ...serviceDefaults, ...params }, input, checkState);
    return client.checkExceptions(result);
};

const commands = {
    AssociateRepositoryCommand,
    CreateCodeReviewCommand,
    DescribeCodeReviewCommand,
    DescribeRecommendationFeedbackCommand,
    DescribeRepositoryAssociationCommand,
    DisassociateRepositoryCommand,
    ListCodeReviewsCommand,
    ListRecommendationFeedbackCommand,
    ListRecommendationsCommand,
    ListRepositoryAssociationsCommand,
    ListTagsForResourceCommand,
    PutRecommendationFeedbackCommand,
    TagResourceCommand,
    UntagResourceCommand,
};
const paginators = {
    paginateListCodeReviews,
    paginateListRecommendationFeedback,
    paginateListRecommendations,
    paginateListRepositoryAssociations,
};
const waiters = {
    waitUntilCodeReviewCompleted,
    waitUntilRepositoryAssociationSucceeded,
};
class CodeGuruReviewer extends CodeGuruReviewerClient {
}
client.createAggregatedClient(commands, CodeGuruReviewer, { paginators, waiters });

const AnalysisType = {
    CODE_QUALITY: "CodeQuality",
    SECURITY: "Security",
};
const EncryptionOption = {
    AoCmk: "AWS_OWNED_CMK",
    CmCmk: "CUSTOMER_MANAGED_CMK",
};
const ProviderType = {
    BITBUCKET: "Bitbucket",
    CODE_COMMIT: "CodeCommit",
    GIT_HUB: "GitHub",
    GIT_HUB_ENTERPRISE_SERVER: "GitHubEnterpriseServer",
    S3_BUCKET: "S3Bucket",
};
const RepositoryAssociationState = {
    ASSOCIATED: "Associated",
    ASSOCIATING: "Associating",
    DISASSOCIATED: "Disassociated",
    DISASSOCIATING: "Disassociating",
    FAILED: "Failed",
};
const VendorName = {
    GITHUB: "GitHub",
    GITLAB: "GitLab",
    NATIVE_S3: "NativeS3",
};
const ConfigFileState = {
    ABSENT: "Absent",
    PRESENT: "Present",
    PRESENT_WITH_ERRORS: "PresentWithErrors",
};
const JobState = {
    COMPLETED: "Completed",
    DELETING: "Deleting",
    FAILED: "Failed",
    PENDING: "Pending",
};
const Type = {
    PULL_REQUEST: "PullRequest",
    REPOSITORY_ANALYSIS: "RepositoryAnalysis",
};
const Reaction = {
    THUMBS_DOWN: "ThumbsDown",
    THUMBS_UP: "ThumbsUp",
};
const RecommendationCategory = {
    AWS_BEST_PRACTICES: "AWSBestPractices",
    AWS_CLOUDFORMATION_ISSUES: "AWSCloudFormationIssues",
    CODE_INCONSISTENCIES: "CodeInconsistencies",
    CODE_MAINTENANCE_ISSUES: "CodeMaintenanceIssues",
    CONCURRENCY_ISSUES: "ConcurrencyIssues",
    DUPLICATE_CODE: "DuplicateCode",
    INPUT_VALIDATIONS: "InputValidations",
    JAVA_BEST_PRACTICES: "JavaBestPractices",
    PYTHON_BEST_PRACTICES: "PythonBestPractices",
    RESOURCE_LEAKS: "ResourceLeaks",
    SECURITY_ISSUES: "SecurityIssues",
};
const Severity = {
    CRITICAL: "Critical",
    HIGH: "High",
    INFO: "Info",
    LOW: "Low",
    MEDIUM: "Medium",
};

exports.$Command = client.Command;
exports.__Client = client.Client;
exports.CodeGuruReviewerServiceException = CodeGuruReviewerServiceException.CodeGuruReviewerServiceException;
exports.AnalysisType = AnalysisType;
exports.AssociateRepositoryCommand = AssociateRepositoryCommand;
exports.CodeGuruReviewer = CodeGuruReviewer;
exports.CodeGuruReviewerClient = CodeGuruReviewerClient;
exports.ConfigFileState = ConfigFileState;
exports.CreateCodeReviewCommand = CreateCodeReviewCommand;
exports.DescribeCodeReviewCommand = DescribeCodeReviewCommand;
exports.DescribeRecommendationFeedbackCommand = DescribeRecommendationFeedbackCommand;
exports.DescribeRepositoryAssociationCommand = DescribeRepositoryAssociationCommand;
exports.DisassociateRepositoryCommand = DisassociateRepositoryCommand;
exports.EncryptionOption = EncryptionOption;
exports.JobState = JobState;
exports.ListCodeReviewsCommand = ListCodeReviewsCommand;
exports.ListRecommendationFeedbackCommand = ListRecommendationFeedbackCommand;
exports.ListRecommendationsCommand = ListRecommendationsCommand;
exports.ListRepositoryAssociationsCommand = ListRepositoryAssociationsCommand;
exports.ListTagsForResourceCommand = ListTagsForResourceCommand;
exports.ProviderType = ProviderType;
exports.PutRecommendationFeedbackCommand = PutRecommendationFeedbackCommand;
exports.Reaction = Reaction;
exports.RecommendationCategory = RecommendationCategory;
exports.RepositoryAssociationState = RepositoryAssociationState;
exports.Severity = Severity;
exports.TagResourceCommand = TagResourceCommand;
exports.Type = Type;
exports.UntagResourceCommand = UntagResourceCommand;
exports.VendorName = VendorName;
exports.paginateListCodeReviews = paginateListCodeReviews;
exports.paginateListRecommendationFeedback = paginateListRecommendationFeedback;
exports.paginateListRecommendations = paginateListRecommendations;
exports.paginateListRepositoryAssociations = paginateListRepositoryAssociations;
exports.waitForCodeReviewCompleted = waitForCodeReviewCompleted;
exports.waitForRepositoryAssociationSucceeded = waitForRepositoryAssociationSucceeded;
exports.waitUntilCodeReviewCompleted = waitUntilCodeReviewCompleted;
exports.waitUntilRepositoryAssociationSucceeded = waitUntilRepositoryAssociationSucceeded;
Object.prototype.hasOwnProperty.call(schemas_0, '__proto__') &&
    !Object.prototype.hasOwnProperty.call(exports, '__proto__') &&
    Object.defineProperty(exports, '__proto__', {
        enumerable: true,
        value: schemas_0['__proto__']
    });

Object.keys(schemas_0).forEach(function (k) {
    if (k !== 'default' && !Object.prototype.hasOwnProperty.call(exports, k)) exports[k] = schemas_0[k];
});
Object.prototype.hasOwnProperty.call(errors, '__proto__') &&
    !Object.prototype.hasOwnProperty.call(exports, '__proto__') &&
    Object.defineProperty(exports, '__proto__', {
        enumerable: true,
        value: errors['__proto__']
    });

Object.keys(errors).forEach(function (k) {
    if (k !== 'default' && !Object.prototype.hasOwnProperty.call(exports, k)) exports[k] = errors[k];
});


/***/ }),

/***/ 6867:
/***/ ((__unused_webpack_module, exports, __webpack_require__) => {


Object.defineProperty(exports, "__esModule", ({ value: true }));
exports.CodeGuruReviewerServiceException = exports.__ServiceException = void 0;
const client_1 = __webpack_require__(2658);
Object.defineProperty(exports, "__ServiceException", ({ enumerable: true, get: function () { return client_1.ServiceException; } }));
class CodeGuruReviewerServiceException extends client_1.ServiceException {
    constructor(options) {
        super(options);
        Object.setPrototypeOf(this, CodeGuruReviewerServiceException.prototype);
    }
}
exports.CodeGuruReviewerServiceException = CodeGuruReviewerServiceException;


/***/ }),

/***/ 319:
/***/ ((__unused_webpack_module, exports, __webpack_require__) => {


Object.defineProperty(exports, "__esModule", ({ value: true }));
exports.NotFoundException = exports.ResourceNotFoundException = exports.ValidationException = exports.ThrottlingException = exports.InternalServerException = exports.ConflictException = exports.AccessDeniedException = void 0;
const CodeGuruReviewerServiceException_1 = __webpack_require__(6867);
class AccessDeniedException extends CodeGuruReviewerServiceException_1.CodeGuruReviewerServiceException {
    name = "AccessDeniedException";
    $fault = "client";
    Message;
    constructor(opts) {
        super({
            name: "AccessDeniedException",
            $fault: "client",
            ...opts,
        });
        Object.setPrototypeOf(this, AccessDeniedException.prototype);
        this.Message = opts.Message;
    }
}
exports.AccessDeniedException = AccessDeniedException;
class ConflictException extends CodeGuruReviewerServiceException_1.CodeGuruReviewerServiceException {
    name = "ConflictException";
    $fault = "client";
    Message;
    constructor(opts) {
        super({
            name: "ConflictException",
            $fault: "client",
            ...opts,
        });
        Object.setPrototypeOf(this, ConflictException.prototype);
        this.Message = opts.Message;
    }
}
exports.ConflictException = ConflictException;
class InternalServerException extends CodeGuruReviewerServiceException_1.CodeGuruReviewerServiceException {
    name = "InternalServerException";
    $fault = "server";
    Message;
    constructor(opts) {
        super({
            name: "InternalServerException",
            $fault: "server",
            ...opts,
        });
        Object.setPrototypeOf(this, InternalServerException.prototype);
        this.Message = opts.Message;
    }
}
exports.InternalServerException = InternalServerException;
class ThrottlingException extends CodeGuruReviewerServiceException_1.CodeGuruReviewerServiceException {
    name = "ThrottlingException";
    $fault = "client";
    Message;
    constructor(opts) {
        super({
            name: "ThrottlingException",
            $fault: "client",
            ...opts,
        });
        Object.setPrototypeOf(this, ThrottlingException.prototype);
        this.Message = opts.Message;
    }
}
exports.ThrottlingException = ThrottlingException;
class ValidationException extends CodeGuruReviewerServiceException_1.CodeGuruReviewerServiceException {
    name = "ValidationException";
    $fault = "client";
    Message;
    constructor(opts) {
        super({
            name: "ValidationException",
            $fault: "client",
            ...opts,
        });
        Object.setPrototypeOf(this, ValidationException.prototype);
        this.Message = opts.Message;
    }
}
exports.ValidationException = ValidationException;
class ResourceNotFoundException extends CodeGuruReviewerServiceException_1.CodeGuruReviewerServiceException {
    name = "ResourceNotFoundException";
    $fault = "client";
    Message;
    constructor(opts) {
        super({
            name: "ResourceNotFoundException",
            $fault: "client",
            ...opts,
        });
        Object.setPrototypeOf(this, ResourceNotFoundException.prototype);
        this.Message = opts.Message;
    }
}
exports.ResourceNotFoundException = ResourceNotFoundException;
class NotFoundException extends CodeGuruReviewerServiceException_1.CodeGuruReviewerServiceException {
    name = "NotFoundException";
    $fault = "client";
    Message;
    constructor(opts) {
        super({
            name: "NotFoundException",
            $fault: "client",
            ...opts,
        });
        Object.setPrototypeOf(this, NotFoundException.prototype);
        this.Message = opts.Message;
    }
}
exports.NotFoundException = NotFoundException;


/***/ }),

/***/ 4121:
/***/ ((__unused_webpack_module, exports, __webpack_require__) => {


Object.defineProperty(exports, "__esModule", ({ value: true }));
exports.getRuntimeConfig = void 0;
const tslib_1 = __webpack_require__(1860);
const package_json_1 = tslib_1.__importDefault(__webpack_require__(531));
const client_1 = __webpack_require__(5152);
const httpAuthSchemes_1 = __webpack_require__(7523);
const credential_provider_node_1 = __webpack_require__(5861);
const client_2 = __webpack_require__(2658);
const config_1 = __webpack_require__(7291);
const retry_1 = __webpack_require__(3609);
const serde_1 = __webpack_require__(2430);
const node_http_handler_1 = __webpack_require__(1279);
const runtimeConfig_shared_1 = __webpack_require__(8830);
const getRuntimeConfig = (config) => {
    (0, client_2.emitWarningIfUnsupportedVersion)(process.version);
    const defaultsMode = (0, config_1.resolveDefaultsModeConfig)(config);
    const defaultConfigProvider = () => defaultsMode().then(client_2.loadConfigsForDefaultMode);
    const clientSharedValues = (0, runtimeConfig_shared_1.getRuntimeConfig)(config);
    (0, client_1.emitWarningIfUnsupportedVersion)(process.version);
    const loaderConfig = {
        profile: config?.profile,
        logger: clientSharedValues.logger,
    };
    return {
        ...clientSharedValues,
        ...config,
        runtime: "node",
        defaultsMode,
        authSchemePreference: config?.authSchemePreference ?? (0, config_1.loadConfig)(httpAuthSchemes_1.NODE_AUTH_SCHEME_PREFERENCE_OPTIONS, loaderConfig),
        bodyLengthChecker: config?.bodyLengthChecker ?? serde_1.calculateBodyLength,
        credentialDefaultProvider: config?.credentialDefaultProvider ?? credential_provider_node_1.defaultProvider,
        defaultUserAgentProvider: config?.defaultUserAgentProvider ?? (0, client_1.createDefaultUserAgentProvider)({ serviceId: clientSharedValues.serviceId, clientVersion: package_json_1.default.version }),
        maxAttempts: config?.maxAttempts ?? (0, config_1.loadConfig)(retry_1.NODE_MAX_ATTEMPT_CONFIG_OPTIONS, config),
        region: config?.region ?? (0, config_1.loadConfig)(config_1.NODE_REGION_CONFIG_OPTIONS, { ...config_1.NODE_REGION_CONFIG_FILE_OPTIONS, ...loaderConfig }),
        requestHandler: node_http_handler_1.NodeHttpHandler.create(config?.requestHandler ?? defaultConfigProvider),
        retryMode: config?.retryMode ??
            (0, config_1.loadConfig)({
                ...retry_1.NODE_RETRY_MODE_CONFIG_OPTIONS,
                default: async () => (await defaultConfigProvider()).retryMode || retry_1.DEFAULT_RETRY_MODE,
            }, config),
        sha256: config?.sha256 ?? serde_1.Hash.bind(null, "sha256"),
        streamCollector: config?.streamCollector ?? node_http_handler_1.streamCollector,
        useDualstackEndpoint: config?.useDualstackEndpoint ?? (0, config_1.loadConfig)(config_1.NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS, loaderConfig),
        useFipsEndpoint: config?.useFipsEndpoint ?? (0, config_1.loadConfig)(config_1.NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS, loaderConfig),
        userAgentAppId: config?.userAgentAppId ?? (0, config_1.loadConfig)(client_1.NODE_APP_ID_CONFIG_OPTIONS, loaderConfig),
    };
};
exports.getRuntimeConfig = getRuntimeConfig;


/***/ }),

/***/ 8830:
/***/ ((__unused_webpack_module, exports, __webpack_require__) => {


Object.defineProperty(exports, "__esModule", ({ value: true }));
exports.getRuntimeConfig = void 0;
const httpAuthSchemes_1 = __webpack_require__(7523);
const protocols_1 = __webpack_require__(7288);
const client_1 = __webpack_require__(2658);
const protocols_2 = __webpack_require__(3422);
const serde_1 = __webpack_require__(2430);
const httpAuthSchemeProvider_1 = __webpack_require__(2632);
const endpointResolver_1 = __webpack_require__(7774);
const schemas_0_1 = __webpack_require__(5811);
const getRuntimeConfig = (config) => {
    return {
        apiVersion: "2019-09-19",
        base64Decoder: config?.base64Decoder ?? serde_1.fromBase64,
        base64Encoder: config?.base64Encoder ?? serde_1.toBase64,
        disableHostPrefix: config?.disableHostPrefix ?? false,
        endpointProvider: config?.endpointProvider ?? endpointResolver_1.defaultEndpointResolver,
        extensions: config?.extensions ?? [],
        httpAuthSchemeProvider: config?.httpAuthSchemeProvider ?? httpAuthSchemeProvider_1.defaultCodeGuruReviewerHttpAuthSchemeProvider,
        httpAuthSchemes: config?.httpAuthSchemes ?? [
            {
                schemeId: "aws.auth#sigv4",
                identityProvider: (ipc) => ipc.getIdentityProvider("aws.auth#sigv4"),
                signer: new httpAuthSchemes_1.AwsSdkSigV4Signer(),
            },
        ],
        logger: config?.logger ?? new client_1.NoOpLogger(),
        protocol: config?.protocol ?? protocols_1.AwsRestJsonProtocol,
        protocolSettings: config?.protocolSettings ?? {
            defaultNamespace: "com.amazonaws.codegurureviewer",
            errorTypeRegistries: schemas_0_1.errorTypeRegistries,
            version: "2019-09-19",
            serviceTarget: "AWSGuruFrontendService",
        },
        serviceId: config?.serviceId ?? "CodeGuru Reviewer",
        urlParser: config?.urlParser ?? protocols_2.parseUrl,
        utf8Decoder: config?.utf8Decoder ?? serde_1.fromUtf8,
        utf8Encoder: config?.utf8Encoder ?? serde_1.toUtf8,
    };
};
exports.getRuntimeConfig = getRuntimeConfig;


/***/ }),

/***/ 5811:
/***/ ((__unused_webpack_module, exports, __webpack_require__) => {


Object.defineProperty(exports, "__esModule", ({ value: true }));
exports.RepositoryAssociation$ = exports.RepositoryAnalysis$ = exports.Repository$ = exports.RecommendationSummary$ = exports.RecommendationFeedbackSummary$ = exports.RecommendationFeedback$ = exports.PutRecommendationFeedbackResponse$ = exports.PutRecommendationFeedbackRequest$ = exports.MetricsSummary$ = exports.Metrics$ = exports.ListTagsForResourceResponse$ = exports.ListTagsForResourceRequest$ = exports.ListRepositoryAssociationsResponse$ = exports.ListRepositoryAssociationsRequest$ = exports.ListRecommendationsResponse$ = exports.ListRecommendationsRequest$ = exports.ListRecommendationFeedbackResponse$ = exports.ListRecommendationFeedbackRequest$ = exports.ListCodeReviewsResponse$ = exports.ListCodeReviewsRequest$ = exports.KMSKeyDetails$ = exports.EventInfo$ = exports.DisassociateRepositoryResponse$ = exports.DisassociateRepositoryRequest$ = exports.DescribeRepositoryAssociationResponse$ = exports.DescribeRepositoryAssociationRequest$ = exports.DescribeRecommendationFeedbackResponse$ = exports.DescribeRecommendationFeedbackRequest$ = exports.DescribeCodeReviewResponse$ = exports.DescribeCodeReviewRequest$ = exports.CreateCodeReviewResponse$ = exports.CreateCodeReviewRequest$ = exports.CommitDiffSourceCodeType$ = exports.CodeReviewType$ = exports.CodeReviewSummary$ = exports.CodeReview$ = exports.CodeCommitRepository$ = exports.CodeArtifacts$ = exports.BranchDiffSourceCodeType$ = exports.AssociateRepositoryResponse$ = exports.AssociateRepositoryRequest$ = exports.errorTypeRegistries = exports.ValidationException$ = exports.ThrottlingException$ = exports.ResourceNotFoundException$ = exports.NotFoundException$ = exports.InternalServerException$ = exports.ConflictException$ = exports.AccessDeniedException$ = exports.CodeGuruReviewerServiceException$ = void 0;
exports.UntagResource$ = exports.TagResource$ = exports.PutRecommendationFeedback$ = exports.ListTagsForResource$ = exports.ListRepositoryAssociations$ = exports.ListRecommendations$ = exports.ListRecommendationFeedback$ = exports.ListCodeReviews$ = exports.DisassociateRepository$ = exports.DescribeRepositoryAssociation$ = exports.DescribeRecommendationFeedback$ = exports.DescribeCodeReview$ = exports.CreateCodeReview$ = exports.AssociateRepository$ = exports.UntagResourceResponse$ = exports.UntagResourceRequest$ = exports.ThirdPartySourceRepository$ = exports.TagResourceResponse$ = exports.TagResourceRequest$ = exports.SourceCodeType$ = exports.S3RepositoryDetails$ = exports.S3Repository$ = exports.S3BucketRepository$ = exports.RuleMetadata$ = exports.RequestMetadata$ = exports.RepositoryHeadSourceCodeType$ = exports.RepositoryAssociationSummary$ = void 0;
const _AA = "AssociationArn";
const _ADE = "AccessDeniedException";
const _AI = "AssociationId";
const _AR = "AssociateRepository";
const _ARR = "AssociateRepositoryRequest";
const _ARRs = "AssociateRepositoryResponse";
const _AT = "AnalysisTypes";
const _B = "Bitbucket";
const _BAOK = "BuildArtifactsObjectKey";
const _BD = "BranchDiff";
const _BDSCT = "BranchDiffSourceCodeType";
const _BN = "BranchName";
const _BNu = "BucketName";
const _CA = "CodeArtifacts";
const _CAo = "ConnectionArn";
const _CC = "CodeCommit";
const _CCR = "CodeCommitRepository";
const _CCRR = "CreateCodeReviewRequest";
const _CCRRr = "CreateCodeReviewResponse";
const _CCRr = "CreateCodeReview";
const _CD = "CommitDiff";
const _CDSCT = "CommitDiffSourceCodeType";
const _CE = "ConflictException";
const _CFS = "ConfigFileState";
const _CR = "CodeReview";
const _CRA = "CodeReviewArn";
const _CRS = "CodeReviewSummary";
const _CRSo = "CodeReviewSummaries";
const _CRT = "ClientRequestToken";
const _CRTo = "CodeReviewType";
const _CTS = "CreatedTimeStamp";
const _D = "Description";
const _DBN = "DestinationBranchName";
const _DC = "DestinationCommit";
const _DCR = "DescribeCodeReview";
const _DCRR = "DescribeCodeReviewRequest";
const _DCRRe = "DescribeCodeReviewResponse";
const _DR = "DisassociateRepository";
const _DRA = "DescribeRepositoryAssociation";
const _DRAR = "DescribeRepositoryAssociationRequest";
const _DRARe = "DescribeRepositoryAssociationResponse";
const _DRF = "DescribeRecommendationFeedback";
const _DRFR = "DescribeRecommendationFeedbackRequest";
const _DRFRe = "DescribeRecommendationFeedbackResponse";
const _DRR = "DisassociateRepositoryRequest";
const _DRRi = "DisassociateRepositoryResponse";
const _De = "Details";
const _EI = "EventInfo";
const _EL = "EndLine";
const _EO = "EncryptionOption";
const _FC = "FindingsCount";
const _FP = "FilePath";
const _GHES = "GitHubEnterpriseServer";
const _ISE = "InternalServerException";
const _KMSKD = "KMSKeyDetails";
const _KMSKI = "KMSKeyId";
const _LCR = "ListCodeReviews";
const _LCRR = "ListCodeReviewsRequest";
const _LCRRi = "ListCodeReviewsResponse";
const _LD = "LongDescription";
const _LR = "ListRecommendations";
const _LRA = "ListRepositoryAssociations";
const _LRAR = "ListRepositoryAssociationsRequest";
const _LRARi = "ListRepositoryAssociationsResponse";
const _LRF = "ListRecommendationFeedback";
const _LRFR = "ListRecommendationFeedbackRequest";
const _LRFRi = "ListRecommendationFeedbackResponse";
const _LRR = "ListRecommendationsRequest";
const _LRRi = "ListRecommendationsResponse";
const _LTFR = "ListTagsForResource";
const _LTFRR = "ListTagsForResourceRequest";
const _LTFRRi = "ListTagsForResourceResponse";
const _LUTS = "LastUpdatedTimeStamp";
const _M = "Message";
const _MBC = "MergeBaseCommit";
const _MLOCC = "MeteredLinesOfCodeCount";
const _MR = "MaxResults";
const _MS = "MetricsSummary";
const _Me = "Metrics";
const _N = "Name";
const _NFE = "NotFoundException";
const _NT = "NextToken";
const _Na = "Names";
const _O = "Owner";
const _Ow = "Owners";
const _PRF = "PutRecommendationFeedback";
const _PRFR = "PutRecommendationFeedbackRequest";
const _PRFRu = "PutRecommendationFeedbackResponse";
const _PRI = "PullRequestId";
const _PT = "ProviderType";
const _PTr = "ProviderTypes";
const _R = "Repository";
const _RA = "RepositoryAssociation";
const _RAA = "RepositoryAssociationArn";
const _RAS = "RepositoryAssociationSummaries";
const _RASe = "RepositoryAssociationSummary";
const _RAe = "RepositoryAnalysis";
const _RC = "RecommendationCategory";
const _RF = "RecommendationFeedback";
const _RFS = "RecommendationFeedbackSummaries";
const _RFSe = "RecommendationFeedbackSummary";
const _RH = "RepositoryHead";
const _RHSCT = "RepositoryHeadSourceCodeType";
const _RI = "RecommendationId";
const _RIe = "RecommendationIds";
const _RIeq = "RequestId";
const _RIu = "RuleId";
const _RM = "RuleMetadata";
const _RMe = "RequestMetadata";
const _RN = "RepositoryName";
const _RNFE = "ResourceNotFoundException";
const _RNe = "RepositoryNames";
const _RNu = "RuleName";
const _RS = "RecommendationSummaries";
const _RSe = "RecommendationSummary";
const _RT = "RuleTags";
const _Re = "Reactions";
const _Req = "Requester";
const _S = "State";
const _SB = "S3Bucket";
const _SBN = "SourceBranchName";
const _SBR = "S3BucketRepository";
const _SC = "SourceCommit";
const _SCAOK = "SourceCodeArtifactsObjectKey";
const _SCT = "SourceCodeType";
const _SD = "ShortDescription";
const _SL = "StartLine";
const _SLOCC = "SuppressedLinesOfCodeCount";
const _SR = "StateReason";
const _SRD = "S3RepositoryDetails";
const _SRe = "S3Repository";
const _Se = "Severity";
const _St = "States";
const _T = "Tags";
const _TE = "ThrottlingException";
const _TK = "TagKeys";
const _TPSR = "ThirdPartySourceRepository";
const _TR = "TagResource";
const _TRR = "TagResourceRequest";
const _TRRa = "TagResourceResponse";
const _Ty = "Type";
const _UI = "UserId";
const _UIs = "UserIds";
const _UR = "UntagResource";
const _URR = "UntagResourceRequest";
const _URRn = "UntagResourceResponse";
const _VE = "ValidationException";
const _VN = "VendorName";
const _c = "client";
const _e = "error";
const _h = "http";
const _hE = "httpError";
const _hQ = "httpQuery";
const _rA = "resourceArn";
const _s = "smithy.ts.sdk.synthetic.com.amazonaws.codegurureviewer";
const _se = "server";
const _tK = "tagKeys";
const n0 = "com.amazonaws.codegurureviewer";
const schema_1 = __webpack_require__(6890);
const CodeGuruReviewerServiceException_1 = __webpack_require__(6867);
const errors_1 = __webpack_require__(319);
const _s_registry = schema_1.TypeRegistry.for(_s);
exports.CodeGuruReviewerServiceException$ = [-3, _s, "CodeGuruReviewerServiceException", 0, [], []];
_s_registry.registerError(exports.CodeGuruReviewerServiceException$, CodeGuruReviewerServiceException_1.CodeGuruReviewerServiceException);
const n0_registry = schema_1.TypeRegistry.for(n0);
exports.AccessDeniedException$ = [-3, n0, _ADE,
    { [_e]: _c, [_hE]: 403 },
    [_M],
    [0]
];
n0_registry.registerError(exports.AccessDeniedException$, errors_1.AccessDeniedException);
exports.ConflictException$ = [-3, n0, _CE,
    { [_e]: _c, [_hE]: 409 },
    [_M],
    [0]
];
n0_registry.registerError(exports.ConflictException$, errors_1.ConflictException);
exports.InternalServerException$ = [-3, n0, _ISE,
    { [_e]: _se, [_hE]: 500 },
    [_M],
    [0]
];
n0_registry.registerError(exports.InternalServerException$, errors_1.InternalServerException);
exports.NotFoundException$ = [-3, n0, _NFE,
    { [_e]: _c, [_hE]: 404 },
    [_M],
    [0]
];
n0_registry.registerError(exports.NotFoundException$, errors_1.NotFoundException);
exports.ResourceNotFoundException$ = [-3, n0, _RNFE,
    { [_e]: _c, [_hE]: 404 },
    [_M],
    [0]
];
n0_registry.registerError(exports.ResourceNotFoundException$, errors_1.ResourceNotFoundException);
exports.ThrottlingException$ = [-3, n0, _TE,
    { [_e]: _c, [_hE]: 429 },
    [_M],
    [0]
];
n0_registry.registerError(exports.ThrottlingException$, errors_1.ThrottlingException);
exports.ValidationException$ = [-3, n0, _VE,
    { [_e]: _c, [_hE]: 400 },
    [_M],
    [0]
];
n0_registry.registerError(exports.ValidationException$, errors_1.ValidationException);
exports.errorTypeRegistries = [
    _s_registry,
    n0_registry,
];
exports.AssociateRepositoryRequest$ = [3, n0, _ARR,
    0,
    [_R, _CRT, _T, _KMSKD],
    [() => exports.Repository$, [0, 4], 128 | 0, () => exports.KMSKeyDetails$], 1
];
exports.AssociateRepositoryResponse$ = [3, n0, _ARRs,
    0,
    [_RA, _T],
    [() => exports.RepositoryAssociation$, 128 | 0]
];
exports.BranchDiffSourceCodeType$ = [3, n0, _BDSCT,
    0,
    [_SBN, _DBN],
    [0, 0], 2
];
exports.CodeArtifacts$ = [3, n0, _CA,
    0,
    [_SCAOK, _BAOK],
    [0, 0], 1
];
exports.CodeCommitRepository$ = [3, n0, _CCR,
    0,
    [_N],
    [0], 1
];
exports.CodeReview$ = [3, n0, _CR,
    0,
    [_N, _CRA, _RN, _O, _PT, _S, _SR, _CTS, _LUTS, _Ty, _PRI, _SCT, _AA, _Me, _AT, _CFS],
    [0, 0, 0, 0, 0, 0, 0, 4, 4, 0, 0, () => exports.SourceCodeType$, 0, () => exports.Metrics$, 64 | 0, 0]
];
exports.CodeReviewSummary$ = [3, n0, _CRS,
    0,
    [_N, _CRA, _RN, _O, _PT, _S, _CTS, _LUTS, _Ty, _PRI, _MS, _SCT],
    [0, 0, 0, 0, 0, 0, 4, 4, 0, 0, () => exports.MetricsSummary$, () => exports.SourceCodeType$]
];
exports.CodeReviewType$ = [3, n0, _CRTo,
    0,
    [_RAe, _AT],
    [() => exports.RepositoryAnalysis$, 64 | 0], 1
];
exports.CommitDiffSourceCodeType$ = [3, n0, _CDSCT,
    0,
    [_SC, _DC, _MBC],
    [0, 0, 0]
];
exports.CreateCodeReviewRequest$ = [3, n0, _CCRR,
    0,
    [_N, _RAA, _Ty, _CRT],
    [0, 0, () => exports.CodeReviewType$, [0, 4]], 3
];
exports.CreateCodeReviewResponse$ = [3, n0, _CCRRr,
    0,
    [_CR],
    [() => exports.CodeReview$]
];
exports.DescribeCodeReviewRequest$ = [3, n0, _DCRR,
    0,
    [_CRA],
    [[0, 1]], 1
];
exports.DescribeCodeReviewResponse$ = [3, n0, _DCRRe,
    0,
    [_CR],
    [() => exports.CodeReview$]
];
exports.DescribeRecommendationFeedbackRequest$ = [3, n0, _DRFR,
    0,
    [_CRA, _RI, _UI],
    [[0, 1], [0, { [_hQ]: _RI }], [0, { [_hQ]: _UI }]], 2
];
exports.DescribeRecommendationFeedbackResponse$ = [3, n0, _DRFRe,
    0,
    [_RF],
    [() => exports.RecommendationFeedback$]
];
exports.DescribeRepositoryAssociationRequest$ = [3, n0, _DRAR,
    0,
    [_AA],
    [[0, 1]], 1
];
exports.DescribeRepositoryAssociationResponse$ = [3, n0, _DRARe,
    0,
    [_RA, _T],
    [() => exports.RepositoryAssociation$, 128 | 0]
];
exports.DisassociateRepositoryRequest$ = [3, n0, _DRR,
    0,
    [_AA],
    [[0, 1]], 1
];
exports.DisassociateRepositoryResponse$ = [3, n0, _DRRi,
    0,
    [_RA, _T],
    [() => exports.RepositoryAssociation$, 128 | 0]
];
exports.EventInfo$ = [3, n0, _EI,
    0,
    [_N, _S],
    [0, 0]
];
exports.KMSKeyDetails$ = [3, n0, _KMSKD,
    0,
    [_KMSKI, _EO],
    [0, 0]
];
exports.ListCodeReviewsRequest$ = [3, n0, _LCRR,
    0,
    [_Ty, _PTr, _St, _RNe, _MR, _NT],
    [[0, { [_hQ]: _Ty }], [64 | 0, { [_hQ]: _PTr }], [64 | 0, { [_hQ]: _St }], [64 | 0, { [_hQ]: _RNe }], [1, { [_hQ]: _MR }], [0, { [_hQ]: _NT }]], 1
];
exports.ListCodeReviewsResponse$ = [3, n0, _LCRRi,
    0,
    [_CRSo, _NT],
    [() => CodeReviewSummaries, 0]
];
exports.ListRecommendationFeedbackRequest$ = [3, n0, _LRFR,
    0,
    [_CRA, _NT, _MR, _UIs, _RIe],
    [[0, 1], [0, { [_hQ]: _NT }], [1, { [_hQ]: _MR }], [64 | 0, { [_hQ]: _UIs }], [64 | 0, { [_hQ]: _RIe }]], 1
];
exports.ListRecommendationFeedbackResponse$ = [3, n0, _LRFRi,
    0,
    [_RFS, _NT],
    [() => RecommendationFeedbackSummaries, 0]
];
exports.ListRecommendationsRequest$ = [3, n0, _LRR,
    0,
    [_CRA, _NT, _MR],
    [[0, 1], [0, { [_hQ]: _NT }], [1, { [_hQ]: _MR }]], 1
];
exports.ListRecommendationsResponse$ = [3, n0, _LRRi,
    0,
    [_RS, _NT],
    [() => RecommendationSummaries, 0]
];
exports.ListRepositoryAssociationsRequest$ = [3, n0, _LRAR,
    0,
    [_PTr, _St, _Na, _Ow, _MR, _NT],
    [[64 | 0, { [_hQ]: _PT }], [64 | 0, { [_hQ]: _S }], [64 | 0, { [_hQ]: _N }], [64 | 0, { [_hQ]: _O }], [1, { [_hQ]: _MR }], [0, { [_hQ]: _NT }]]
];
exports.ListRepositoryAssociationsResponse$ = [3, n0, _LRARi,
    0,
    [_RAS, _NT],
    [() => RepositoryAssociationSummaries, 0]
];
exports.ListTagsForResourceRequest$ = [3, n0, _LTFRR,
    0,
    [_rA],
    [[0, 1]], 1
];
exports.ListTagsForResourceResponse$ = [3, n0, _LTFRRi,
    0,
    [_T],
    [128 | 0]
];
exports.Metrics$ = [3, n0, _Me,
    0,
    [_MLOCC, _SLOCC, _FC],
    [1, 1, 1]
];
exports.MetricsSummary$ = [3, n0, _MS,
    0,
    [_MLOCC, _SLOCC, _FC],
    [1, 1, 1]
];
exports.PutRecommendationFeedbackRequest$ = [3, n0, _PRFR,
    0,
    [_CRA, _RI, _Re],
    [0, 0, 64 | 0], 3
];
exports.PutRecommendationFeedbackResponse$ = [3, n0, _PRFRu,
    0,
    [],
    []
];
exports.RecommendationFeedback$ = [3, n0, _RF,
    0,
    [_CRA, _RI, _Re, _UI, _CTS, _LUTS],
    [0, 0, 64 | 0, 0, 4, 4]
];
exports.RecommendationFeedbackSummary$ = [3, n0, _RFSe,
    0,
    [_RI, _Re, _UI],
    [0, 64 | 0, 0]
];
exports.RecommendationSummary$ = [3, n0, _RSe,
    0,
    [_FP, _RI, _SL, _EL, _D, _RC, _RM, _Se],
    [0, 0, 1, 1, 0, 0, () => exports.RuleMetadata$, 0]
];
exports.Repository$ = [3, n0, _R,
    0,
    [_CC, _B, _GHES, _SB],
    [() => exports.CodeCommitRepository$, () => exports.ThirdPartySourceRepository$, () => exports.ThirdPartySourceRepository$, () => exports.S3Repository$]
];
exports.RepositoryAnalysis$ = [3, n0, _RAe,
    0,
    [_RH, _SCT],
    [() => exports.RepositoryHeadSourceCodeType$, () => exports.SourceCodeType$]
];
exports.RepositoryAssociation$ = [3, n0, _RA,
    0,
    [_AI, _AA, _CAo, _N, _O, _PT, _S, _SR, _LUTS, _CTS, _KMSKD, _SRD],
    [0, 0, 0, 0, 0, 0, 0, 0, 4, 4, () => exports.KMSKeyDetails$, () => exports.S3RepositoryDetails$]
];
exports.RepositoryAssociationSummary$ = [3, n0, _RASe,
    0,
    [_AA, _CAo, _LUTS, _AI, _N, _O, _PT, _S],
    [0, 0, 4, 0, 0, 0, 0, 0]
];
exports.RepositoryHeadSourceCodeType$ = [3, n0, _RHSCT,
    0,
    [_BN],
    [0], 1
];
exports.RequestMetadata$ = [3, n0, _RMe,
    0,
    [_RIeq, _Req, _EI, _VN],
    [0, 0, () => exports.EventInfo$, 0]
];
exports.RuleMetadata$ = [3, n0, _RM,
    0,
    [_RIu, _RNu, _SD, _LD, _RT],
    [0, 0, 0, 0, 64 | 0]
];
exports.S3BucketRepository$ = [3, n0, _SBR,
    0,
    [_N, _De],
    [0, () => exports.S3RepositoryDetails$], 1
];
exports.S3Repository$ = [3, n0, _SRe,
    0,
    [_N, _BNu],
    [0, 0], 2
];
exports.S3RepositoryDetails$ = [3, n0, _SRD,
    0,
    [_BNu, _CA],
    [0, () => exports.CodeArtifacts$]
];
exports.SourceCodeType$ = [3, n0, _SCT,
    0,
    [_CD, _RH, _BD, _SBR, _RMe],
    [() => exports.CommitDiffSourceCodeType$, () => exports.RepositoryHeadSourceCodeType$, () => exports.BranchDiffSourceCodeType$, () => exports.S3BucketRepository$, () => exports.RequestMetadata$]
];
exports.TagResourceRequest$ = [3, n0, _TRR,
    0,
    [_rA, _T],
    [[0, 1], 128 | 0], 2
];
exports.TagResourceResponse$ = [3, n0, _TRRa,
    0,
    [],
    []
];
exports.ThirdPartySourceRepository$ = [3, n0, _TPSR,
    0,
    [_N, _CAo, _O],
    [0, 0, 0], 3
];
exports.UntagResourceRequest$ = [3, n0, _URR,
    0,
    [_rA, _TK],
    [[0, 1], [64 | 0, { [_hQ]: _tK }]], 2
];
exports.UntagResourceResponse$ = [3, n0, _URRn,
    0,
    [],
    []
];
var AnalysisTypes = (/* unused pure expression or super */ null && (64 | 0));
var CodeReviewSummaries = [1, n0, _CRSo,
    0, () => exports.CodeReviewSummary$
];
var JobStates = (/* unused pure expression or super */ null && (64 | 0));
var Names = (/* unused pure expression or super */ null && (64 | 0));
var Owners = (/* unused pure expression or super */ null && (64 | 0));
var ProviderTypes = (/* unused pure expression or super */ null && (64 | 0));
var Reactions = (/* unused pure expression or super */ null && (64 | 0));
var RecommendationFeedbackSummaries = [1, n0, _RFS,
    0, () => exports.RecommendationFeedbackSummary$
];
var RecommendationIds = (/* unused pure expression or super */ null && (64 | 0));
var RecommendationSummaries = [1, n0, _RS,
    0, () => exports.RecommendationSummary$
];
var RepositoryAssociationStates = (/* unused pure expression or super */ null && (64 | 0));
var RepositoryAssociationSummaries = [1, n0, _RAS,
    0, () => exports.RepositoryAssociationSummary$
];
var RepositoryNames = (/* unused pure expression or super */ null && (64 | 0));
var RuleTags = (/* unused pure expression or super */ null && (64 | 0));
var TagKeyList = (/* unused pure expression or super */ null && (64 | 0));
var UserIds = (/* unused pure expression or super */ null && (64 | 0));
var TagMap = (/* unused pure expression or super */ null && (128 | 0));
exports.AssociateRepository$ = [9, n0, _AR,
    { [_h]: ["POST", "/associations", 200] }, () => exports.AssociateRepositoryRequest$, () => exports.AssociateRepositoryResponse$
];
exports.CreateCodeReview$ = [9, n0, _CCRr,
    { [_h]: ["POST", "/codereviews", 200] }, () => exports.CreateCodeReviewRequest$, () => exports.CreateCodeReviewResponse$
];
exports.DescribeCodeReview$ = [9, n0, _DCR,
    { [_h]: ["GET", "/codereviews/{CodeReviewArn}", 200] }, () => exports.DescribeCodeReviewRequest$, () => exports.DescribeCodeReviewResponse$
];
exports.DescribeRecommendationFeedback$ = [9, n0, _DRF,
    { [_h]: ["GET", "/feedback/{CodeReviewArn}", 200] }, () => exports.DescribeRecommendationFeedbackRequest$, () => exports.DescribeRecommendationFeedbackResponse$
];
exports.DescribeRepositoryAssociation$ = [9, n0, _DRA,
    { [_h]: ["GET", "/associations/{AssociationArn}", 200] }, () => exports.DescribeRepositoryAssociationRequest$, () => exports.DescribeRepositoryAssociationResponse$
];
exports.DisassociateRepository$ = [9, n0, _DR,
    { [_h]: ["DELETE", "/associations/{AssociationArn}", 200] }, () => exports.DisassociateRepositoryRequest$, () => exports.DisassociateRepositoryResponse$
];
exports.ListCodeReviews$ = [9, n0, _LCR,
    { [_h]: ["GET", "/codereviews", 200] }, () => exports.ListCodeReviewsRequest$, () => exports.ListCodeReviewsResponse$
];
exports.ListRecommendationFeedback$ = [9, n0, _LRF,
    { [_h]: ["GET", "/feedback/{CodeReviewArn}/RecommendationFeedback", 200] }, () => exports.ListRecommendationFeedbackRequest$, () => exports.ListRecommendationFeedbackResponse$
];
exports.ListRecommendations$ = [9, n0, _LR,
    { [_h]: ["GET", "/codereviews/{CodeReviewArn}/Recommendations", 200] }, () => exports.ListRecommendationsRequest$, () => exports.ListRecommendationsResponse$
];
exports.ListRepositoryAssociations$ = [9, n0, _LRA,
    { [_h]: ["GET", "/associations", 200] }, () => exports.ListRepositoryAssociationsRequest$, () => exports.ListRepositoryAssociationsResponse$
];
exports.ListTagsForResource$ = [9, n0, _LTFR,
    { [_h]: ["GET", "/tags/{resourceArn}", 200] }, () => exports.ListTagsForResourceRequest$, () => exports.ListTagsForResourceResponse$
];
exports.PutRecommendationFeedback$ = [9, n0, _PRF,
    { [_h]: ["PUT", "/feedback", 200] }, () => exports.PutRecommendationFeedbackRequest$, () => exports.PutRecommendationFeedbackResponse$
];
exports.TagResource$ = [9, n0, _TR,
    { [_h]: ["POST", "/tags/{resourceArn}", 200] }, () => exports.TagResourceRequest$, () => exports.TagResourceResponse$
];
exports.UntagResource$ = [9, n0, _UR,
    { [_h]: ["DELETE", "/tags/{resourceArn}", 200] }, () => exports.UntagResourceRequest$, () => exports.UntagResourceResponse$
];


/***/ }),

/***/ 1860:
/***/ ((module) => {

/******************************************************************************
Copyright (c) Microsoft Corporation.

Permission to use, copy, modify, and/or distribute this software for any
purpose with or without fee is hereby granted.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH
REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY
AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM
LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR
OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR
PERFORMANCE OF THIS SOFTWARE.
***************************************************************************** */
/* global global, define, Symbol, Reflect, Promise, SuppressedError, Iterator */
var __extends;
var __assign;
var __rest;
var __decorate;
var __param;
var __esDecorate;
var __runInitializers;
var __propKey;
var __setFunctionName;
var __metadata;
var __awaiter;
var __generator;
var __exportStar;
var __values;
var __read;
var __spread;
var __spreadArrays;
var __spreadArray;
var __await;
var __asyncGenerator;
var __asyncDelegator;
var __asyncValues;
var __makeTemplateObject;
var __importStar;
var __importDefault;
var __classPrivateFieldGet;
var __classPrivateFieldSet;
var __classPrivateFieldIn;
var __createBinding;
var __addDisposableResource;
var __disposeResources;
var __rewriteRelativeImportExtension;
(function (factory) {
    var root = typeof global === "object" ? global : typeof self === "object" ? self : typeof this === "object" ? this : {};
    if (typeof define === "function" && define.amd) {
        define("tslib", ["exports"], function (exports) { factory(createExporter(root, createExporter(exports))); });
    }
    else if ( true && typeof module.exports === "object") {
        factory(createExporter(root, createExporter(module.exports)));
    }
    else {
        factory(createExporter(root));
    }
    function createExporter(exports, previous) {
        if (exports !== root) {
            if (typeof Object.create === "function") {
                Object.defineProperty(exports, "__esModule", { value: true });
            }
            else {
                exports.__esModule = true;
            }
        }
        return function (id, v) { return exports[id] = previous ? previous(id, v) : v; };
    }
})
(function (exporter) {
    var extendStatics = Object.setPrototypeOf ||
        ({ __proto__: [] } instanceof Array && function (d, b) { d.__proto__ = b; }) ||
        function (d, b) { for (var p in b) if (Object.prototype.hasOwnProperty.call(b, p)) d[p] = b[p]; };

    __extends = function (d, b) {
        if (typeof b !== "function" && b !== null)
            throw new TypeError("Class extends value " + String(b) + " is not a constructor or null");
        extendStatics(d, b);
        function __() { this.constructor = d; }
        d.prototype = b === null ? Object.create(b) : (__.prototype = b.prototype, new __());
    };

    __assign = Object.assign || function (t) {
        for (var s, i = 1, n = arguments.length; i < n; i++) {
            s = arguments[i];
            for (var p in s) if (Object.prototype.hasOwnProperty.call(s, p)) t[p] = s[p];
        }
        return t;
    };

    __rest = function (s, e) {
        var t = {};
        for (var p in s) if (Object.prototype.hasOwnProperty.call(s, p) && e.indexOf(p) < 0)
            t[p] = s[p];
        if (s != null && typeof Object.getOwnPropertySymbols === "function")
            for (var i = 0, p = Object.getOwnPropertySymbols(s); i < p.length; i++) {
                if (e.indexOf(p[i]) < 0 && Object.prototype.propertyIsEnumerable.call(s, p[i]))
                    t[p[i]] = s[p[i]];
            }
        return t;
    };

    __decorate = function (decorators, target, key, desc) {
        var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
        if (typeof Reflect === "object" && typeof Reflect.decorate === "function") r = Reflect.decorate(decorators, target, key, desc);
        else for (var i = decorators.length - 1; i >= 0; i--) if (d = decorators[i]) r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
        return c > 3 && r && Object.defineProperty(target, key, r), r;
    };

    __param = function (paramIndex, decorator) {
        return function (target, key) { decorator(target, key, paramIndex); }
    };

    __esDecorate = function (ctor, descriptorIn, decorators, contextIn, initializers, extraInitializers) {
        function accept(f) { if (f !== void 0 && typeof f !== "function") throw new TypeError("Function expected"); return f; }
        var kind = contextIn.kind, key = kind === "getter" ? "get" : kind === "setter" ? "set" : "value";
        var target = !descriptorIn && ctor ? contextIn["static"] ? ctor : ctor.prototype : null;
        var descriptor = descriptorIn || (target ? Object.getOwnPropertyDescriptor(target, contextIn.name) : {});
        var _, done = false;
        for (var i = decorators.length - 1; i >= 0; i--) {
            var context = {};
            for (var p in contextIn) context[p] = p === "access" ? {} : contextIn[p];
            for (var p in contextIn.access) context.access[p] = contextIn.access[p];
            context.addInitializer = function (f) { if (done) throw new TypeError("Cannot add initializers after decoration has completed"); extraInitializers.push(accept(f || null)); };
            var result = (0, decorators[i])(kind === "accessor" ? { get: descriptor.get, set: descriptor.set } : descriptor[key], context);
            if (kind === "accessor") {
                if (result === void 0) continue;
                if (result === null || typeof result !== "object") throw new TypeError("Object expected");
                if (_ = accept(result.get)) descriptor.get = _;
                if (_ = accept(result.set)) descriptor.set = _;
                if (_ = accept(result.init)) initializers.unshift(_);
            }
            else if (_ = accept(result)) {
                if (kind === "field") initializers.unshift(_);
                else descriptor[key] = _;
            }
        }
        if (target) Object.defineProperty(target, contextIn.name, descriptor);
        done = true;
    };

    __runInitializers = function (thisArg, initializers, value) {
        var useValue = arguments.length > 2;
        for (var i = 0; i < initializers.length; i++) {
            value = useValue ? initializers[i].call(thisArg, value) : initializers[i].call(thisArg);
        }
        return useValue ? value : void 0;
    };

    __propKey = function (x) {
        return typeof x === "symbol" ? x : "".concat(x);
    };

    __setFunctionName = function (f, name, prefix) {
        if (typeof name === "symbol") name = name.description ? "[".concat(name.description, "]") : "";
        return Object.defineProperty(f, "name", { configurable: true, value: prefix ? "".concat(prefix, " ", name) : name });
    };

    __metadata = function (metadataKey, metadataValue) {
        if (typeof Reflect === "object" && typeof Reflect.metadata === "function") return Reflect.metadata(metadataKey, metadataValue);
    };

    __awaiter = function (thisArg, _arguments, P, generator) {
        function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
        return new (P || (P = Promise))(function (resolve, reject) {
            function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
            function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
            function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
            step((generator = generator.apply(thisArg, _arguments || [])).next());
        });
    };

    __generator = function (thisArg, body) {
        var _ = { label: 0, sent: function() { if (t[0] & 1) throw t[1]; return t[1]; }, trys: [], ops: [] }, f, y, t, g = Object.create((typeof Iterator === "function" ? Iterator : Object).prototype);
        return g.next = verb(0), g["throw"] = verb(1), g["return"] = verb(2), typeof Symbol === "function" && (g[Symbol.iterator] = function() { return this; }), g;
        function verb(n) { return function (v) { return step([n, v]); }; }
        function step(op) {
            if (f) throw new TypeError("Generator is already executing.");
            while (g && (g = 0, op[0] && (_ = 0)), _) try {
                if (f = 1, y && (t = op[0] & 2 ? y["return"] : op[0] ? y["throw"] || ((t = y["return"]) && t.call(y), 0) : y.next) && !(t = t.call(y, op[1])).done) return t;
                if (y = 0, t) op = [op[0] & 2, t.value];
                switch (op[0]) {
                    case 0: case 1: t = op; break;
                    case 4: _.label++; return { value: op[1], done: false };
                    case 5: _.label++; y = op[1]; op = [0]; continue;
                    case 7: op = _.ops.pop(); _.trys.pop(); continue;
                    default:
                        if (!(t = _.trys, t = t.length > 0 && t[t.length - 1]) && (op[0] === 6 || op[0] === 2)) { _ = 0; continue; }
                        if (op[0] === 3 && (!t || (op[1] > t[0] && op[1] < t[3]))) { _.label = op[1]; break; }
                        if (op[0] === 6 && _.label < t[1]) { _.label = t[1]; t = op; break; }
                        if (t && _.label < t[2]) { _.label = t[2]; _.ops.push(op); break; }
                        if (t[2]) _.ops.pop();
                        _.trys.pop(); continue;
                }
                op = body.call(thisArg, _);
            } catch (e) { op = [6, e]; y = 0; } finally { f = t = 0; }
            if (op[0] & 5) throw op[1]; return { value: op[0] ? op[1] : void 0, done: true };
        }
    };

    __exportStar = function(m, o) {
        for (var p in m) if (p !== "default" && !Object.prototype.hasOwnProperty.call(o, p)) __createBinding(o, m, p);
    };

    __createBinding = Object.create ? (function(o, m, k, k2) {
        if (k2 === undefined) k2 = k;
        var desc = Object.getOwnPropertyDescriptor(m, k);
        if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
            desc = { enumerable: true, get: function() { return m[k]; } };
        }
        Object.defineProperty(o, k2, desc);
    }) : (function(o, m, k, k2) {
        if (k2 === undefined) k2 = k;
        o[k2] = m[k];
    });

    __values = function (o) {
        var s = typeof Symbol === "function" && Symbol.iterator, m = s && o[s], i = 0;
        if (m) return m.call(o);
        if (o && typeof o.length === "number") return {
            next: function () {
                if (o && i >= o.length) o = void 0;
                return { value: o && o[i++], done: !o };
            }
        };
        throw new TypeError(s ? "Object is not iterable." : "Symbol.iterator is not defined.");
    };

    __read = function (o, n) {
        var m = typeof Symbol === "function" && o[Symbol.iterator];
        if (!m) return o;
        var i = m.call(o), r, ar = [], e;
        try {
            while ((n === void 0 || n-- > 0) && !(r = i.next()).done) ar.push(r.value);
        }
        catch (error) { e = { error: error }; }
        finally {
            try {
                if (r && !r.done && (m = i["return"])) m.call(i);
            }
            finally { if (e) throw e.error; }
        }
        return ar;
    };

    /** @deprecated */
    __spread = function () {
        for (var ar = [], i = 0; i < arguments.length; i++)
            ar = ar.concat(__read(arguments[i]));
        return ar;
    };

    /** @deprecated */
    __spreadArrays = function () {
        for (var s = 0, i = 0, il = arguments.length; i < il; i++) s += arguments[i].length;
        for (var r = Array(s), k = 0, i = 0; i < il; i++)
            for (var a = arguments[i], j = 0, jl = a.length; j < jl; j++, k++)
                r[k] = a[j];
        return r;
    };

    __spreadArray = function (to, from, pack) {
        if (pack || arguments.length === 2) for (var i = 0, l = from.length, ar; i < l; i++) {
            if (ar || !(i in from)) {
                if (!ar) ar = Array.prototype.slice.call(from, 0, i);
                ar[i] = from[i];
            }
        }
        return to.concat(ar || Array.prototype.slice.call(from));
    };

    __await = function (v) {
        return this instanceof __await ? (this.v = v, this) : new __await(v);
    };

    __asyncGenerator = function (thisArg, _arguments, generator) {
        if (!Symbol.asyncIterator) throw new TypeError("Symbol.asyncIterator is not defined.");
        var g = generator.apply(thisArg, _arguments || []), i, q = [];
        return i = Object.create((typeof AsyncIterator === "function" ? AsyncIterator : Object).prototype), verb("next"), verb("throw"), verb("return", awaitReturn), i[Symbol.asyncIterator] = function () { return this; }, i;
        function awaitReturn(f) { return function (v) { return Promise.resolve(v).then(f, reject); }; }
        function verb(n, f) { if (g[n]) { i[n] = function (v) { return new Promise(function (a, b) { q.push([n, v, a, b]) > 1 || resume(n, v); }); }; if (f) i[n] = f(i[n]); } }
        function resume(n, v) { try { step(g[n](v)); } catch (e) { settle(q[0][3], e); } }
        function step(r) { r.value instanceof __await ? Promise.resolve(r.value.v).then(fulfill, reject) : settle(q[0][2], r); }
        function fulfill(value) { resume("next", value); }
        function reject(value) { resume("throw", value); }
        function settle(f, v) { if (f(v), q.shift(), q.length) resume(q[0][0], q[0][1]); }
    };

    __asyncDelegator = function (o) {
        var i, p;
        return i = {}, verb("next"), verb("throw", function (e) { throw e; }), verb("return"), i[Symbol.iterator] = function () { return this; }, i;
        function verb(n, f) { i[n] = o[n] ? function (v) { return (p = !p) ? { value: __await(o[n](v)), done: false } : f ? f(v) : v; } : f; }
    };

    __asyncValues = function (o) {
        if (!Symbol.asyncIterator) throw new TypeError("Symbol.asyncIterator is not defined.");
        var m = o[Symbol.asyncIterator], i;
        return m ? m.call(o) : (o = typeof __values === "function" ? __values(o) : o[Symbol.iterator](), i = {}, verb("next"), verb("throw"), verb("return"), i[Symbol.asyncIterator] = function () { return this; }, i);
        function verb(n) { i[n] = o[n] && function (v) { return new Promise(function (resolve, reject) { v = o[n](v), settle(resolve, reject, v.done, v.value); }); }; }
        function settle(resolve, reject, d, v) { Promise.resolve(v).then(function(v) { resolve({ value: v, done: d }); }, reject); }
    };

    __makeTemplateObject = function (cooked, raw) {
        if (Object.defineProperty) { Object.defineProperty(cooked, "raw", { value: raw }); } else { cooked.raw = raw; }
        return cooked;
    };

    var __setModuleDefault = Object.create ? (function(o, v) {
        Object.defineProperty(o, "default", { enumerable: true, value: v });
    }) : function(o, v) {
        o["default"] = v;
    };

    var ownKeys = function(o) {
        ownKeys = Object.getOwnPropertyNames || function (o) {
            var ar = [];
            for (var k in o) if (Object.prototype.hasOwnProperty.call(o, k)) ar[ar.length] = k;
            return ar;
        };
        return ownKeys(o);
    };

    __importStar = function (mod) {
        if (mod && mod.__esModule) return mod;
        var result = {};
        if (mod != null) for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
        __setModuleDefault(result, mod);
        return result;
    };

    __importDefault = function (mod) {
        return (mod && mod.__esModule) ? mod : { "default": mod };
    };

    __classPrivateFieldGet = function (receiver, state, kind, f) {
        if (kind === "a" && !f) throw new TypeError("Private accessor was defined without a getter");
        if (typeof state === "function" ? receiver !== state || !f : !state.has(receiver)) throw new TypeError("Cannot read private member from an object whose class did not declare it");
        return kind === "m" ? f : kind === "a" ? f.call(receiver) : f ? f.value : state.get(receiver);
    };

    __classPrivateFieldSet = function (receiver, state, value, kind, f) {
        if (kind === "m") throw new TypeError("Private method is not writable");
        if (kind === "a" && !f) throw new TypeError("Private accessor was defined without a setter");
        if (typeof state === "function" ? receiver !== state || !f : !state.has(receiver)) throw new TypeError("Cannot write private member to an object whose class did not declare it");
        return (kind === "a" ? f.call(receiver, value) : f ? f.value = value : state.set(receiver, value)), value;
    };

    __classPrivateFieldIn = function (state, receiver) {
        if (receiver === null || (typeof receiver !== "object" && typeof receiver !== "function")) throw new TypeError("Cannot use 'in' operator on non-object");
        return typeof state === "function" ? receiver === state : state.has(receiver);
    };

    __addDisposableResource = function (env, value, async) {
        if (value !== null && value !== void 0) {
            if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
            var dispose, inner;
            if (async) {
                if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
                dispose = value[Symbol.asyncDispose];
            }
            if (dispose === void 0) {
                if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
                dispose = value[Symbol.dispose];
                if (async) inner = dispose;
            }
            if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
            if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
            env.stack.push({ value: value, dispose: dispose, async: async });
        }
        else if (async) {
            env.stack.push({ async: true });
        }
        return value;
    };

    var _SuppressedError = typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
        var e = new Error(message);
        return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
    };

    __disposeResources = function (env) {
        function fail(e) {
            env.error = env.hasError ? new _SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };

    __rewriteRelativeImportExtension = function (path, preserveJsx, extraExtensions, ignoreCase) {
        if (typeof path === "string" && /^\.\.?\//.test(path)) {
            if (extraExtensions) {
                for (var extension in extraExtensions) {
                    var suffix = path.slice(-extension.length);
                    if (suffix === extension || ignoreCase && suffix.toLowerCase() === extension.toLowerCase()) {
                        var output = extraExtensions[extension];
                        return output === extension ? path : path.slice(0, -extension.length) + output;
                    }
                }
            }
            return path.replace(/\.(tsx)$|((?:\.d)?)((?:\.[^./]+?)?)\.([cm]?)ts$/i, function (m, tsx, d, ext, cm) {
                return tsx ? preserveJsx ? ".jsx" : ".js" : d && (!ext || !cm) ? m : (d + ext + "." + cm.toLowerCase() + "js");
            });
        }
        return path;
    };

    exporter("__extends", __extends);
    exporter("__assign", __assign);
    exporter("__rest", __rest);
    exporter("__decorate", __decorate);
    exporter("__param", __param);
    exporter("__esDecorate", __esDecorate);
    exporter("__runInitializers", __runInitializers);
    exporter("__propKey", __propKey);
    exporter("__setFunctionName", __setFunctionName);
    exporter("__metadata", __metadata);
    exporter("__awaiter", __awaiter);
    exporter("__generator", __generator);
    exporter("__exportStar", __exportStar);
    exporter("__createBinding", __createBinding);
    exporter("__values", __values);
    exporter("__read", __read);
    exporter("__spread", __spread);
    exporter("__spreadArrays", __spreadArrays);
    exporter("__spreadArray", __spreadArray);
    exporter("__await", __await);
    exporter("__asyncGenerator", __asyncGenerator);
    exporter("__asyncDelegator", __asyncDelegator);
    exporter("__asyncValues", __asyncValues);
    exporter("__makeTemplateObject", __makeTemplateObject);
    exporter("__importStar", __importStar);
    exporter("__importDefault", __importDefault);
    exporter("__classPrivateFieldGet", __classPrivateFieldGet);
    exporter("__classPrivateFieldSet", __classPrivateFieldSet);
    exporter("__classPrivateFieldIn", __classPrivateFieldIn);
    exporter("__addDisposableResource", __addDisposableResource);
    exporter("__disposeResources", __disposeResources);
    exporter("__rewriteRelativeImportExtension", __rewriteRelativeImportExtension);
});

0 && (0);


/***/ }),

/***/ 531:
/***/ ((module) => {

module.exports = /*#__PURE__*/JSON.parse('{"name":"@aws-sdk/client-codeguru-reviewer","description":"AWS SDK for JavaScript Codeguru Reviewer Client for Node.js, Browser and React Native","version":"3.1048.0","scripts":{"build":"concurrently \'yarn:build:types\' \'yarn:build:es\' && yarn build:cjs","build:cjs":"node ../../scripts/compilation/inline client-codeguru-reviewer","build:es":"tsc -p tsconfig.es.json","build:include:deps":"yarn g:turbo run build -F=\\"$npm_package_name\\"","build:types":"tsc -p tsconfig.types.json","build:types:downlevel":"downlevel-dts dist-types dist-types/ts3.4","clean":"premove dist-cjs dist-es dist-types tsconfig.cjs.tsbuildinfo tsconfig.es.tsbuildinfo tsconfig.types.tsbuildinfo","extract:docs":"api-extractor run --local","generate:client":"node ../../scripts/generate-clients/single-service --solo codeguru-reviewer","test:index":"tsc --noEmit ./test/index-types.ts && node ./test/index-objects.spec.mjs"},"main":"./dist-cjs/index.js","types":"./dist-types/index.d.ts","module":"./dist-es/index.js","sideEffects":false,"dependencies":{"@aws-crypto/sha256-browser":"5.2.0","@aws-crypto/sha256-js":"5.2.0","@aws-sdk/core":"^3.974.11","@aws-sdk/credential-provider-node":"^3.972.42","@aws-sdk/types":"^3.973.8","@smithy/core":"^3.24.2","@smithy/fetch-http-handler":"^5.4.2","@smithy/node-http-handler":"^4.7.2","@smithy/types":"^4.14.1","tslib":"^2.6.2"},"devDependencies":{"@tsconfig/node20":"20.1.8","@types/node":"^20.14.8","concurrently":"7.0.0","downlevel-dts":"0.10.1","premove":"4.0.0","typescript":"~5.8.3"},"engines":{"node":">=20.0.0"},"typesVersions":{"<4.5":{"dist-types/*":["dist-types/ts3.4/*"]}},"files":["dist-*/**"],"author":{"name":"AWS SDK for JavaScript Team","url":"https://aws.amazon.com/javascript/"},"license":"Apache-2.0","browser":{"./dist-es/runtimeConfig":"./dist-es/runtimeConfig.browser"},"react-native":{"./dist-es/runtimeConfig":"./dist-es/runtimeConfig.native"},"homepage":"https://github.com/aws/aws-sdk-js-v3/tree/main/clients/client-codeguru-reviewer","repository":{"type":"git","url":"https://github.com/aws/aws-sdk-js-v3.git","directory":"clients/client-codeguru-reviewer"}}');

/***/ })

};
