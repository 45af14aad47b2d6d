// Writes infra/config.schema.json from the built schema: npm run build && node infra/config-schema.mjs
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { configJsonSchema } from '../dist/src/config/schema.js';

const FILE = fileURLToPath(new URL('config.schema.json', import.meta.url));

const options = await resolveConfig(FILE);
const text = JSON.stringify(configJsonSchema());
writeFileSync(FILE, await format(text, { ...options, filepath: FILE }));
