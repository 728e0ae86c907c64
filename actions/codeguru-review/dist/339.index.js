export const id = 339;
export const ids = [339];
export const modules = {

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


/***/ }),

/***/ 7339:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  SdkReviewer: () => (/* binding */ SdkReviewer)
});

// EXTERNAL MODULE: ./packages/action-kit/build/src/aws.js + 1 modules
var aws = __webpack_require__(629);
// EXTERNAL MODULE: ./packages/action-kit/build/src/error.js
var error = __webpack_require__(8341);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-codeguru-reviewer/dist-cjs/index.js
var dist_cjs = __webpack_require__(6743);
// EXTERNAL MODULE: ./actions/codeguru-review/build/src/page-walk.js
var page_walk = __webpack_require__(1678);
;// CONCATENATED MODULE: ./actions/codeguru-review/build/src/rate.js
/** Keeps calls of one operation as far apart as its service allows, in milliseconds. */
class Rate {
    clock;
    signal;
    next = new Map();
    constructor(clock, signal) {
        this.clock = clock;
        this.signal = signal;
    }
    /** Waits for the operation's turn. */
    async turn(operation, interval) {
        const at = Math.max(this.clock.now(), this.next.get(operation) ?? 0);
        this.next.set(operation, at + interval);
        const wait = at - this.clock.now();
        if (wait > 0)
            await this.clock.sleep(wait, this.signal);
    }
}

;// CONCATENATED MODULE: ./actions/codeguru-review/build/src/reviewer.js





// Quotas of the user guide (2023), for each operation: one call a second, CreateCodeReview one in two seconds.
const SECOND = 1000;
const missing = (operation, what) => new error/* DeliveryError */.V('unexpected', `${operation} named no ${what}`);
/** CodeGuru Reviewer by its SDK client, at the documented rate. */
class SdkReviewer {
    signal;
    client;
    rate;
    constructor(configuration, clock, signal) {
        this.signal = signal;
        this.client = new dist_cjs.CodeGuruReviewerClient(configuration);
        (0,aws/* renewExpired */.Nb)(this.client);
        this.rate = new Rate(clock, signal);
    }
    async associationsNamed(Names) {
        return (0,page_walk/* pages */.B)(async (NextToken) => {
            await this.rate.turn('ListRepositoryAssociations', SECOND);
            const input = { Names: [...Names], ...(NextToken === undefined ? {} : { NextToken }) };
            const { RepositoryAssociationSummaries: items = [], NextToken: next } = await this.client.send(new dist_cjs.ListRepositoryAssociationsCommand(input), { abortSignal: this.signal });
            return { items, next };
        });
    }
    async association(AssociationArn) {
        await this.rate.turn('DescribeRepositoryAssociation', SECOND);
        const { RepositoryAssociation: found } = await this.client.send(new dist_cjs.DescribeRepositoryAssociationCommand({ AssociationArn }), { abortSignal: this.signal });
        if (found === undefined)
            throw missing('DescribeRepositoryAssociation', 'association');
        return found;
    }
    async createReview(request) {
        await this.rate.turn('CreateCodeReview', 2 * SECOND);
        const { CodeReview: review } = await this.client.send(new dist_cjs.CreateCodeReviewCommand(request), {
            abortSignal: this.signal,
        });
        if (review === undefined)
            throw missing('CreateCodeReview', 'review');
        return review;
    }
    async review(CodeReviewArn) {
        await this.rate.turn('DescribeCodeReview', SECOND);
        const { CodeReview: review } = await this.client.send(new dist_cjs.DescribeCodeReviewCommand({ CodeReviewArn }), {
            abortSignal: this.signal,
        });
        if (review === undefined)
            throw missing('DescribeCodeReview', 'review');
        return review;
    }
    async recommendations(CodeReviewArn) {
        return (0,page_walk/* pages */.B)(async (NextToken) => {
            await this.rate.turn('ListRecommendations', SECOND);
            const input = { CodeReviewArn, MaxResults: 300, ...(NextToken === undefined ? {} : { NextToken }) };
            const { RecommendationSummaries: items = [], NextToken: next } = await this.client.send(new dist_cjs.ListRecommendationsCommand(input), { abortSignal: this.signal });
            return { items, next };
        });
    }
}


/***/ })

};
