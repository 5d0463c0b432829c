// Runs the SQL on stdin in DuckDB, in the working directory, and prints the rows of each SELECT as a JSON list.
import { DuckDBInstance } from '@duckdb/node-api';
import { text } from 'node:stream/consumers';

const connection = await (await DuckDBInstance.create()).connect();
const results = [];
const statements = await connection.extractStatements(await text(process.stdin));
for (let i = 0; i < statements.count; i++) {
  const reader = await (await statements.prepare(i)).runAndReadAll();
  if (reader.columnCount > 0 && reader.columnName(0) !== 'Count') {
    results.push(reader.getRowObjectsJson());
  }
}
console.log(JSON.stringify(results));
