export const id = 456;
export const ids = [456];
export const modules = {

/***/ 6456:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   listResources: () => (/* binding */ listResources)
/* harmony export */ });
/* harmony import */ var _aws_delivery_action_kit_aws_error__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9413);
/* harmony import */ var _aws_delivery_action_kit_error__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8341);
/* harmony import */ var _aws_sdk_client_cloudformation__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3805);



/**
 * The resources of a stack; throws `not-found` where there is none. This module brings a client along: import it when
 * a stack is asked.
 */
const listResources = async (configuration, stack) => {
    const client = new _aws_sdk_client_cloudformation__WEBPACK_IMPORTED_MODULE_2__/* .CloudFormationClient */ .m1N(configuration);
    const found = [];
    let token;
    do {
        const command = new _aws_sdk_client_cloudformation__WEBPACK_IMPORTED_MODULE_2__/* .ListStackResourcesCommand */ .XnL({ StackName: stack, NextToken: token });
        const page = await client.send(command).catch((cause) => {
            if (!(0,_aws_delivery_action_kit_aws_error__WEBPACK_IMPORTED_MODULE_0__/* .isCode */ ._m)(cause, 'ValidationError'))
                throw cause;
            const message = `input 'stack-name': there is no stack '${stack}' in this Region: give the 'template' of a stack that is yet to be created`;
            throw new _aws_delivery_action_kit_error__WEBPACK_IMPORTED_MODULE_1__/* .DeliveryError */ .V('not-found', message, { cause });
        });
        for (const { ResourceType: type = '', PhysicalResourceId: physicalId } of page.StackResourceSummaries ?? []) {
            found.push({ type, physicalId });
        }
        token = page.NextToken;
    } while (token !== undefined);
    return found;
};


/***/ })

};
