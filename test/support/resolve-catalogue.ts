import { registerHooks } from 'node:module';

const CATALOGUE = new URL('../../event-types.json', import.meta.url).href;

/** The bundler of the functions resolves this name, too: a deployment has a catalogue of its own. */
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'webhook-fanout-catalogue'
      ? { url: CATALOGUE, format: 'json', importAttributes: context.importAttributes, shortCircuit: true }
      : next(specifier, context),
});
