export const id = 456;
export const ids = [456];
export const modules = {

/***/ 8456:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   SdkInspector: () => (/* binding */ SdkInspector)
/* harmony export */ });
/* harmony import */ var _aws_delivery_action_kit_aws__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(629);
/* harmony import */ var _aws_delivery_action_kit_error__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8341);
/* harmony import */ var _aws_sdk_client_inspector2__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3222);
/* harmony import */ var _page_walk_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1678);




const equals = (value) => [{ comparison: 'EQUALS', value }];
/** Inspector by its SDK client. */
class SdkInspector {
    client;
    options;
    constructor(configuration, abortSignal) {
        this.client = new _aws_sdk_client_inspector2__WEBPACK_IMPORTED_MODULE_2__/* .Inspector2Client */ .r0C(configuration);
        (0,_aws_delivery_action_kit_aws__WEBPACK_IMPORTED_MODULE_0__/* .renewExpired */ .Nb)(this.client);
        this.options = { abortSignal };
    }
    covered(name) {
        const filterCriteria = {
            resourceType: equals('CODE_REPOSITORY'),
            codeRepositoryProjectName: equals(name),
        };
        return (0,_page_walk_js__WEBPACK_IMPORTED_MODULE_3__/* .pages */ .B)(async (nextToken) => {
            const input = { filterCriteria, ...(nextToken === undefined ? {} : { nextToken }) };
            const { coveredResources: items = [], nextToken: next } = await this.client.send(new _aws_sdk_client_inspector2__WEBPACK_IMPORTED_MODULE_2__/* .ListCoverageCommand */ .yYs(input), this.options);
            return { items, next };
        });
    }
    async startScan(projectId, clientToken) {
        const command = new _aws_sdk_client_inspector2__WEBPACK_IMPORTED_MODULE_2__/* .StartCodeSecurityScanCommand */ .m5H({ resource: { projectId }, clientToken });
        const { scanId } = await this.client.send(command, this.options);
        if (scanId === undefined)
            throw new _aws_delivery_action_kit_error__WEBPACK_IMPORTED_MODULE_1__/* .DeliveryError */ .V('unexpected', 'StartCodeSecurityScan named no scan');
        return scanId;
    }
    scan(projectId, scanId) {
        return this.client.send(new _aws_sdk_client_inspector2__WEBPACK_IMPORTED_MODULE_2__/* .GetCodeSecurityScanCommand */ .EI8({ resource: { projectId }, scanId }), this.options);
    }
    findings(name) {
        const filterCriteria = { codeRepositoryProjectName: equals(name), findingStatus: equals('ACTIVE') };
        return (0,_page_walk_js__WEBPACK_IMPORTED_MODULE_3__/* .pages */ .B)(async (nextToken) => {
            const input = { filterCriteria, maxResults: 100, ...(nextToken === undefined ? {} : { nextToken }) };
            const { findings: items = [], nextToken: next } = await this.client.send(new _aws_sdk_client_inspector2__WEBPACK_IMPORTED_MODULE_2__/* .ListFindingsCommand */ .m_$(input), this.options);
            return { items, next };
        });
    }
}


/***/ }),

/***/ 1678:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   B: () => (/* binding */ pages)
/* harmony export */ });
/** All items of a list, page by page. */
const pages = async (ask) => {
    const all = [];
    let token;
    do {
        const { items, next } = await ask(token);
        for (const item of items)
            all.push(item);
        token = next;
    } while (token !== undefined && token !== '');
    return all;
};


/***/ })

};
