// Writes infra/config.schema.json from the built schema: npm run build && node infra/config-schema.mjs
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { loadCatalogue } from '../dist/src/adapters/catalogue.js';
import { configJsonSchema } from '../dist/src/config/schema.js';

const FILE = fileURLToPath(new URL('config.schema.json', import.meta.url));

const options = await resolveConfig(FILE);
const rules = await loadCatalogue(new URL('../dist/src/alerts/', import.meta.url));
const text = JSON.stringify(configJsonSchema(rules));
writeFileSync(FILE, await format(text, { ...options, filepath: FILE }));
