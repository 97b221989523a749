/// SQLite and PostgreSQL, and the migrations of a store's tables.
package lib.database;
