import { TokenStore } from '@keyturn/core';

/**
 * Keeps the session of this name in the browser's IndexedDB; all tabs of the origin are holders of it. Where a piece of
 * the platform is missing it goes on without, in this page's memory if need be, and says so (event `store-degraded`).
 */
export declare function webStore(name: string): TokenStore;

export { }
