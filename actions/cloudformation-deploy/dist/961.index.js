export const id = 961;
export const ids = [961];
export const modules = {

/***/ 5961:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   writeZip: () => (/* binding */ writeZip)
/* harmony export */ });
/* unused harmony export zipChunks */
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3024);
/* harmony import */ var node_stream_promises__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6466);
/* harmony import */ var _aws_delivery_action_kit_error__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(8341);
/* harmony import */ var fflate__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(1306);
/* harmony import */ var _file_error_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(2197);






// Node's zlib gives other bytes on other processors and versions; fflate is the same everywhere.
const LEVEL = 6;
/** Attributes as Unix has them, in the upper half of a field. */
const UNIX = 3;
const attributes = (mode) => (mode << 16) >>> 0;
/**
 * Only the executable bit is kept, as git does: other bits come from the umask of whoever checked the files out, and
 * Lambda runs functions as a user who may not read 0600.
 */
const modeOf = (entry) => {
    if (entry.kind === 'link')
        return 0o120777;
    return entry.executable ? 0o100755 : 0o100644;
};
// The earliest time the format knows. It has no time zone: these parts are written as they are on every machine.
const earliest = () => new Date(1980, 0, 1, 0, 0, 0);
const mark = (file, entry) => Object.assign(file, { os: UNIX, attrs: attributes(modeOf(entry)), mtime: earliest() });
/** Turns fflate's callback into pieces that wait to be taken, so that nothing piles up beyond one piece read. */
class Archive {
    pieces = [];
    zip = new fflate__WEBPACK_IMPORTED_MODULE_5__/* .Zip */ .qQ((error, piece) => {
        if (error !== null)
            throw error;
        this.pieces.push(piece);
    });
    add(file) {
        this.zip.add(file);
        return file;
    }
    end() {
        this.zip.end();
    }
    take() {
        const taken = this.pieces;
        this.pieces = [];
        return taken;
    }
}
const NOTHING = new Uint8Array(0);
const fileChunks = async function* (archive, entry, digests) {
    const file = archive.add(mark(new fflate__WEBPACK_IMPORTED_MODULE_5__/* .ZipDeflate */ .D8(entry.name, { level: LEVEL }), entry));
    const hash = (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha256');
    for await (const piece of (0,node_fs__WEBPACK_IMPORTED_MODULE_1__.createReadStream)(entry.path)) {
        hash.update(piece);
        file.push(piece, false);
        yield* archive.take();
    }
    file.push(NOTHING, true);
    yield* archive.take();
    if (hash.digest('hex') !== digests.get(entry.name)) {
        const remedy = 'let nothing write to the folder while it is packaged';
        throw new _aws_delivery_action_kit_error__WEBPACK_IMPORTED_MODULE_3__/* .DeliveryError */ .V('conflict', `'${entry.path}' changed while it was read: ${remedy}`);
    }
};
/** The bytes of an archive, piece by piece, in the order of the entries; at most one piece of a file is in memory. */
const zipChunks = async function* (entries, digests) {
    const archive = new Archive();
    for (const entry of entries) {
        if (entry.kind === 'file')
            yield* fileChunks(archive, entry, digests);
        else
            archive.add(mark(new fflate__WEBPACK_IMPORTED_MODULE_5__/* .ZipPassThrough */ .uZ(entry.name), entry)).push(Buffer.from(entry.target), true);
    }
    archive.end();
    yield* archive.take();
};
/**
 * Writes an archive to a file. The same entries with the same contents give the same bytes, on every machine.
 * @throws DeliveryError `conflict` when a file is no longer what its digest says; `denied` or `not-found` when it
 * cannot be read
 */
const writeZip = async (path, entries, digests) => {
    const hash = (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha256');
    let size = 0;
    const measure = async function* () {
        for await (const piece of zipChunks(entries, digests)) {
            hash.update(piece);
            size += piece.length;
            yield piece;
        }
    };
    try {
        await (0,node_stream_promises__WEBPACK_IMPORTED_MODULE_2__.pipeline)(measure, (0,node_fs__WEBPACK_IMPORTED_MODULE_1__.createWriteStream)(path, { mode: 0o600, flags: 'wx' }));
    }
    catch (error) {
        throw (0,_file_error_js__WEBPACK_IMPORTED_MODULE_4__/* .fileError */ .z)((0,_file_error_js__WEBPACK_IMPORTED_MODULE_4__/* .pathOf */ .X)(error) ?? path, error);
    }
    return { path, size, sha256: hash.digest('hex') };
};


/***/ })

};
