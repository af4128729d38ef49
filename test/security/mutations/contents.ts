import type { Mutations } from './mutation.ts';

export const CONTENTS: Mutations = {};
