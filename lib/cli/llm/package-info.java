/// `rpkai llm`: the flags, lists and checks that only providers have.
package lib.cli.llm;
