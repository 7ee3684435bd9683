// Owns what the SDK asks of its platform in the bundle, in place of the SDK's own file, which loads a validator of JSON Schema
// that is half of a start: the SDK checks answers of users with it, and this server asks users nothing.
import type { jsonSchemaValidator } from '@modelcontextprotocol/server';

export { default as process } from 'node:process';

export class DefaultJsonSchemaValidator implements jsonSchemaValidator {
  getValidator(): never {
    throw new Error('The bundle has no validator of JSON Schema.');
  }
}
