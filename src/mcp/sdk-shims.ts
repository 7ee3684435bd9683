// Owns what the SDK asks of its platform in the bundle, in place of the file of the SDK, which loads a validator of JSON Schema as big
// as the rest of it: the SDK checks answers of users with it, and this server asks users nothing.
import type { jsonSchemaValidator } from '@modelcontextprotocol/server';

export { default as process } from 'node:process';

export class DefaultJsonSchemaValidator implements jsonSchemaValidator {
  getValidator(): never {
    throw new Error('The bundle has no validator of JSON Schema.');
  }
}
