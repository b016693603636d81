export { webStore } from "./web-store.ts";
