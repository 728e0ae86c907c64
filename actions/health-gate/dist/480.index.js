export const id = 480;
export const ids = [480];
export const modules = {

/***/ 3480:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   ChangeCalendars: () => (/* binding */ ChangeCalendars)
/* harmony export */ });
/* harmony import */ var _aws_delivery_action_kit_aws__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(629);
/* harmony import */ var _aws_delivery_action_kit_aws_error__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(9413);
/* harmony import */ var _aws_delivery_action_kit_error__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8341);
/* harmony import */ var _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(4736);




/** Change calendars of Systems Manager. This module brings a client along: import it when a calendar is asked. */
class ChangeCalendars {
    client;
    constructor(configuration) {
        this.client = new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_3__/* .SSMClient */ .jBj(configuration);
        (0,_aws_delivery_action_kit_aws__WEBPACK_IMPORTED_MODULE_0__/* .renewExpired */ .Nb)(this.client);
    }
    /** Asks them one by one, so that a closed one can be named. `names` are names or ARNs. */
    async closed(names) {
        const holds = [];
        for (const name of names) {
            const { State: state, NextTransitionTime: next } = await this.stateOf(name);
            if (state === 'CLOSED')
                holds.push({ kind: 'calendar', name, opensAt: next });
            else if (state !== 'OPEN') {
                throw new _aws_delivery_action_kit_error__WEBPACK_IMPORTED_MODULE_2__/* .DeliveryError */ .V('unavailable', `calendar '${name}' is neither OPEN nor CLOSED but '${state}': look at it`);
            }
        }
        return holds;
    }
    async stateOf(name) {
        try {
            return await this.client.send(new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_3__/* .GetCalendarStateCommand */ .bwK({ CalendarNames: [name] }));
        }
        catch (cause) {
            if (!(0,_aws_delivery_action_kit_aws_error__WEBPACK_IMPORTED_MODULE_1__/* .isCode */ ._m)(cause, 'InvalidDocument', 'InvalidDocumentType', 'UnsupportedCalendar'))
                throw cause;
            throw new _aws_delivery_action_kit_error__WEBPACK_IMPORTED_MODULE_2__/* .DeliveryError */ .V('not-found', `input 'calendars': '${name}' is no change calendar of this account and Region: check the name, or give the ARN of a shared one`, { cause });
        }
    }
}


/***/ })

};
