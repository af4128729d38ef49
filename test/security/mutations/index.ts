import { CONNECTIONS } from './connections.ts';
import { CONTENTS } from './contents.ts';
import { FAULTS } from './faults.ts';
import type { Mutations } from './mutation.ts';
import { URLS } from './urls.ts';

export const MUTATIONS: Mutations = { ...URLS, ...CONNECTIONS, ...CONTENTS, ...FAULTS };
