export const id = 505;
export const ids = [505];
export const modules = {

/***/ 8505:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   changeIn: () => (/* binding */ changeIn),
/* harmony export */   isDescribed: () => (/* binding */ isDescribed)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5586);

const hash = zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP().regex(/^[0-9a-f]{40,64}$/u);
const repository = zod__WEBPACK_IMPORTED_MODULE_0__/* .looseObject */ ._H3({ full_name: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP() });
const pullRequest = zod__WEBPACK_IMPORTED_MODULE_0__/* .looseObject */ ._H3({
    pull_request: zod__WEBPACK_IMPORTED_MODULE_0__/* .looseObject */ ._H3({
        number: zod__WEBPACK_IMPORTED_MODULE_0__/* .int */ .Whr().optional(),
        base: zod__WEBPACK_IMPORTED_MODULE_0__/* .looseObject */ ._H3({ sha: hash, repo: repository.nullish() }),
        head: zod__WEBPACK_IMPORTED_MODULE_0__/* .looseObject */ ._H3({ sha: hash, repo: repository.nullish() }),
    }),
});
const mergeGroup = zod__WEBPACK_IMPORTED_MODULE_0__/* .looseObject */ ._H3({ merge_group: zod__WEBPACK_IMPORTED_MODULE_0__/* .looseObject */ ._H3({ base_sha: hash, head_sha: hash }) });
const push = zod__WEBPACK_IMPORTED_MODULE_0__/* .looseObject */ ._H3({ before: hash, after: hash });
const pullRequestIn = (payload) => {
    const { number, base, head } = pullRequest.parse(payload).pull_request;
    // A fork that has been deleted leaves no repository behind.
    const isFork = head.repo?.full_name !== base.repo?.full_name;
    return { kind: 'pull-request', number, base: base.sha, head: head.sha, isFork };
};
const mergeGroupIn = (payload) => {
    const { base_sha: base, head_sha: head } = mergeGroup.parse(payload).merge_group;
    return { kind: 'pull-request', number: undefined, base, head, isFork: false };
};
/** Hosts other than GitHub may call everything a push, and describe none. */
const pushIn = (payload) => {
    const { success, data } = push.safeParse(payload);
    if (!success)
        return { kind: 'other' };
    return { kind: 'push', before: /^0+$/u.test(data.before) ? undefined : data.before, after: data.after };
};
const READERS = {
    pull_request: pullRequestIn,
    pull_request_target: pullRequestIn,
    pull_request_review: pullRequestIn,
    merge_group: mergeGroupIn,
    push: pushIn,
};
/** Does GitHub say in this event what is changed? */
const isDescribed = (name) => Object.hasOwn(READERS, name);
/** What an event's payload says of the change. Throws a ZodError where one that GitHub describes cannot be read. */
const changeIn = (name, payload) => READERS[name]?.(payload) ?? { kind: 'other' };


/***/ })

};
