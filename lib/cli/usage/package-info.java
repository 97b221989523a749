/// `rpkai usage`, `rpkai budget` and `rpkai ui`.
package lib.cli.usage;
