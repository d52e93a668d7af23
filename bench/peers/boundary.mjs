// The package's own side of the boundary to the wasm, for programs that call it below the SDK.
export * from '../../js/src/abi.ts';
export { sizeOfRequest, writeRequest } from '../../js/src/ranking/request_block.ts';
export { start } from '../../js/src/ranking/wasm_exports.ts';
