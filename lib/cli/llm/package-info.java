/// `rpkai llm`: what is particular to providers.
package lib.cli.llm;
