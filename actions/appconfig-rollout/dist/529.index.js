export const id = 529;
export const ids = [529];
export const modules = {

/***/ 8529:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   parseSettings: () => (/* binding */ parseSettings)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2857);
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9567);
/* harmony import */ var _strategy_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(758);


const LOCATION = /^(?:ssm-parameter|ssm-document|secretsmanager|s3):\/\/.+$/;
const profile = zod__WEBPACK_IMPORTED_MODULE_1__/* .strictObject */ .rej({
    type: zod__WEBPACK_IMPORTED_MODULE_1__/* ["enum"] */ .k5n(['AWS.Freeform', 'AWS.AppConfig.FeatureFlags']).default('AWS.Freeform'),
    location: zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP()
        .regex(LOCATION, {
        error: 'is not of the form ssm-parameter://…, ssm-document://…, secretsmanager://… or s3://…',
    })
        .optional(),
    'retrieval-role-arn': zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP().optional(),
    version: zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .Yj().optional(),
    validators: zod__WEBPACK_IMPORTED_MODULE_1__/* .array */ .YOg(zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP().startsWith('arn:')).max(2).default([]),
})
    .transform((given) => {
    const { type, location: uri, 'retrieval-role-arn': retrievalRole, version, validators } = given;
    const location = uri === undefined ? { kind: 'hosted' } : { kind: 'elsewhere', uri, retrievalRole, version };
    return { type, location, validators };
});
const monitor = zod__WEBPACK_IMPORTED_MODULE_1__/* .strictObject */ .rej({ 'alarm-arn': zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP().startsWith('arn:'), 'role-arn': zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP().optional() })
    .transform(({ 'alarm-arn': alarm, 'role-arn': role }) => ({ alarm, role }));
const environment = zod__WEBPACK_IMPORTED_MODULE_1__/* .strictObject */ .rej({ strategy: zod__WEBPACK_IMPORTED_MODULE_1__/* .unknown */ .L5J().optional(), monitors: zod__WEBPACK_IMPORTED_MODULE_1__/* .array */ .YOg(monitor).max(5).optional() })
    .transform(({ strategy, monitors }) => ({
    strategy: strategy === undefined ? undefined : (0,_strategy_js__WEBPACK_IMPORTED_MODULE_0__/* .strategyIn */ .PC)(strategy),
    monitors,
}));
const settings = zod__WEBPACK_IMPORTED_MODULE_1__/* .strictObject */ .rej({
    profiles: zod__WEBPACK_IMPORTED_MODULE_1__/* .record */ .g1P(zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP(), profile).default({}),
    environments: zod__WEBPACK_IMPORTED_MODULE_1__/* .record */ .g1P(zod__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP(), environment).default({}),
});
/** Checks what `appconfig.yml` holds: the settings, or everything that is wrong with their paths. */
const parseSettings = (document) => {
    const parsed = settings.safeParse(document ?? {});
    if (!parsed.success) {
        const wrong = parsed.error.issues.map(({ path, message }) => ({
            path: path.map((part) => (typeof part === 'number' ? part : String(part))),
            message: `'${path.join('.')}': ${message}`,
        }));
        return { wrong };
    }
    const { profiles, environments } = parsed.data;
    return {
        settings: { profiles: new Map(Object.entries(profiles)), environments: new Map(Object.entries(environments)) },
    };
};


/***/ })

};
