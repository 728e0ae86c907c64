export const id = 576;
export const ids = [576];
export const modules = {

/***/ 3576:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   parseUpload: () => (/* binding */ parseUpload)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5586);

const schema = zod__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({
    bucket: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(),
    owner: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(),
    region: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(),
    keys: zod__WEBPACK_IMPORTED_MODULE_0__/* .array */ .YOg(zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP()),
    folder: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(),
});
/** What a run has saved for its post step. Throws where the text is of another form. */
const parseUpload = (text) => schema.parse(JSON.parse(text));


/***/ })

};
