import assert from 'node:assert/strict';
import { spanName } from '../../src/cli/failed.ts';

describe('the name of a span in a terminal', () => {
  it('has its tool after it, unless it ends with the tool itself', () => {
    const of = (name: string, toolName: string | undefined) => spanName({ name, toolName });
    assert.equal(of('search', undefined), 'search');
    assert.equal(of('search', 'search'), 'search');
    assert.equal(of('execute_tool get_weather', 'get_weather'), 'execute_tool get_weather');
    assert.equal(of('tool', 'get_weather'), 'tool get_weather');
    assert.equal(of('forget_weather', 'get_weather'), 'forget_weather get_weather');
  });
});
