/**
 * Stands in for the curve's module where a library loads it by `import()`: all of that module would be code of the
 * background then, and most of it is for other protocols.
 */
export { secp256k1 } from '@noble/curves/secp256k1.js';
