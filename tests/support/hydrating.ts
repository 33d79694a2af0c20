// The order matters: hydration has to be there before the element is defined.
import '@lit-labs/ssr-client/lit-element-hydrate-support.js';
import '../../component/src/define.ts';
