import { start, type Script } from './core.js';

/** The name of the second file; the build puts its hash in. */
declare const FULL: string;

start(document.currentScript as unknown as Script, (folder) => import(folder + FULL));
