import type { Mutations } from './mutation.ts';

export const CONNECTIONS: Mutations = {};
