import type { Mutations } from './mutation.ts';

export const URLS: Mutations = {};
