/// Parses a command line, runs its command, and turns every error into one line and an exit code.
///
/// [lib.cli.Commands] is the tree of commands, and each group of commands is a folder. A command whose flags are
/// fixed is a class with picocli's annotations; its fields are the flags. If flags or help follow from data (a kind of
/// resource, an agent, the types of provider), a method `spec` adds them to the annotated part, as in
/// `lib.cli.manage`. The commands that people or scripts run most often are built entirely by hand, with
/// `CommandSpec.wrapWithoutInspection`, because reading annotations would take longer than they run.
package lib.cli;
