import type { Mutations } from './mutation.ts';

export const FAULTS: Mutations = {};
