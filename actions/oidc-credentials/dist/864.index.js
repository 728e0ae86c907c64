export const id = 864;
export const ids = [864];
export const modules = {

/***/ 4864:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   renew: () => (/* binding */ renew)
/* harmony export */ });
/* harmony import */ var _aws_delivery_action_kit_error__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8341);
/* harmony import */ var _aws_delivery_action_kit_inputs__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4798);
/* harmony import */ var _action_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8279);
/* harmony import */ var _request_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1587);
/* harmony import */ var _run_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(2552);
/* harmony import */ var _services_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(7372);






/** Some SDKs wait a minute for a credential process; one that gives up earlier can say why. In seconds. */
const PATIENCE = 50;
/**
 * Does again what the step did: a new token, a new session. Whose account the role belongs to was checked by the step
 * and cannot change. Throws a DeliveryError.
 */
const renew = async (recipe, host) => {
    const inputs = (0,_aws_delivery_action_kit_inputs__WEBPACK_IMPORTED_MODULE_1__/* .readInputs */ .K)(_action_js__WEBPACK_IMPORTED_MODULE_2__/* .definition */ .m, host.variables, host.mask);
    const services = (0,_services_js__WEBPACK_IMPORTED_MODULE_5__/* .connect */ .N)(inputs, host, recipe['PROFILE']);
    const asked = (0,_request_js__WEBPACK_IMPORTED_MODULE_3__/* .request */ .E)(inputs, host.variables);
    const timeout = Math.min(PATIENCE, asked.patience.timeout);
    const trial = (0,_run_js__WEBPACK_IMPORTED_MODULE_4__/* .trialOf */ .Qm)({ ...asked, patience: { ...asked.patience, timeout } }, services);
    const end = await (0,_run_js__WEBPACK_IMPORTED_MODULE_4__/* .obtain */ .AH)({ asked, services, trial });
    if (end.kind === 'credentials')
        return end.credentials;
    throw new _aws_delivery_action_kit_error__WEBPACK_IMPORTED_MODULE_0__/* .DeliveryError */ .V('denied', end.error.message, { cause: end.error });
};


/***/ })

};
