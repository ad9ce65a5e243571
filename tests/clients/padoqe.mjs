// The server under test and the browser before it: what the tests of the tracker have.
export * from '../../tracker-js/e2e/padoqe.mjs';
export const { PADOQE_TOKEN } = process.env;
