package lib.cli.completion;

import java.util.List;
import java.util.stream.Collectors;
import lib.agents.registry.Agents;

/// The completion script for fish, which walks the commands and shows descriptions by itself.
///
///     System.out.print(FishCompletion.script(CompletedCommand.of(Cli.commands())))
final class FishCompletion {
    private static final String NAMES = """
            function __rpkai_names
              set -l globals
              set -l need
              set -l provider
              for w in (commandline -opc)
                if test -n "$need"
                  test $need = -L; and set provider $w; or set -a globals $need $w
                  set need
                  continue
                end
                switch $w
                  case --
                    break
                  case -L --llmprovider
                    set need -L
                  case -c --config --rpai-config
                    set need -c
                  case -p --profile --rpai-profile --rpai-environment
                    set need -p
                  case -s --endpoint --rpai-endpoint
                    set need -s
                end
              end
              set -l good "$argv[2]"
              test $argv[1] = MODEL; and set good "$provider"
              rpkai completion --names $argv[1] --for "$good" $globals 2>/dev/null </dev/null
            end
            """;

    private FishCompletion() {}

    static String script(CompletedCommand root) {
        var all = root.all().toList();
        var text = new StringBuilder("# fish completion for rpkai: rpkai completion fish | source\n");
        text.append("function __rpkai_takes\n  switch \"$argv[2]\"\n    case ")
                .append(taking(root.page().globals()))
                .append("\n      return 0\n  end\n  switch \"$argv[1]:$argv[2]\"\n");
        for (var command : all) {
            var names = command.flags().stream()
                    .filter(flag -> !flag.label().isEmpty() && !flag.optional())
                    .flatMap(flag -> flag.names().stream())
                    .map(name -> quoted(command.path() + ":" + name))
                    .collect(Collectors.joining(" "));
            if (!names.isEmpty()) text.append("    case ").append(names).append("\n      return 0\n");
        }
        text.append("  end\n  return 1\nend\n");
        text.append("""
                function __rpkai_at
                  set -l cmd ''
                  set -l words 0
                  set -l skip 0
                  for w in (commandline -opc)[2..]
                    if test $skip = 1
                      set skip 0
                      continue
                    end
                    switch $w
                      case --
                        echo behind
                        return
                      case '--*=*'
                        continue
                      case '-*'
                        __rpkai_takes "$cmd" "$w"; and set skip 1
                        continue
                    end
                    switch "$cmd:$w"
                """);
        for (var command : all) {
            for (var below : command.below())
                text.append("      case %s\n        set cmd %s\n"
                        .formatted(
                                below.names().stream()
                                        .map(name -> quoted(command.path() + ":" + name))
                                        .collect(Collectors.joining(" ")),
                                quoted(below.path())));
        }
        text.append("      case '*'\n        set words (math $words + 1)\n    end\n  end\n  echo "
                        + "\"$cmd:$words\"\nend\n")
                .append(NAMES);
        text.append("complete -c rpkai -n 'not string match -q behind (__rpkai_at)' -f\n");
        root.page()
                .globals()
                .forEach(flag -> text.append(flag(flag.names(), flag.label(), flag.optional(), flag.text(), "", "")));
        for (var command : all) {
            var here = "string match -q -- \"" + command.path() + ":*\" (__rpkai_at)";
            for (var below : command.below())
                text.append("complete -c rpkai -n %s -a %s -d %s\n"
                        .formatted(
                                quoted("test (__rpkai_at) = \"" + command.path() + ":0\""),
                                quoted(below.names().getFirst()),
                                quoted(ShellCompletion.firstSentence(
                                        below.page().summary()))));
            for (var flag : command.flags())
                text.append(flag(flag.names(), flag.label(), flag.optional(), flag.text(), here, command.agent()));
            var words = command.words();
            for (int i = 0; i < words.size(); i++) {
                var last = i == words.size() - 1 && command.repeats();
                var candidates = candidates(words.get(i), "");
                if (!candidates.isEmpty())
                    text.append("complete -c rpkai -n %s -a %s\n"
                            .formatted(
                                    quoted(last ? here : "test (__rpkai_at) = \"" + command.path() + ":" + i + "\""),
                                    quoted(candidates)));
            }
        }
        return text.toString();
    }

    private static String flag(
            List<String> names, String label, boolean optional, String description, String condition, String agent) {
        var line = new StringBuilder("complete -c rpkai");
        if (!condition.isEmpty()) line.append(" -n ").append(quoted(condition));
        names.forEach(
                name -> line.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1)));
        if (!label.isEmpty() && !optional) {
            var candidates = candidates(label, agent);
            if (candidates.isEmpty()) line.append(" -r -F");
            else line.append(" -x -a ").append(quoted(candidates));
        }
        return line.append(" -d ")
                .append(quoted(ShellCompletion.firstSentence(description)))
                .append('\n')
                .toString();
    }

    private static String candidates(String label, String agent) {
        if (label.contains("|")) return label.replace('|', ' ');
        var good = Agents.of(agent).isPresent() ? " " + agent : "";
        return List.of("PROVIDER", "MODEL", "SERVER", "ENVIRONMENT").contains(label)
                ? "(__rpkai_names " + label + (label.equals("PROVIDER") ? good : "") + ")"
                : "";
    }

    private static String taking(List<lib.cli.help.CommandPage.Item> flags) {
        return flags.stream()
                .filter(flag -> !flag.label().isEmpty() && !flag.optional())
                .flatMap(flag -> flag.names().stream())
                .collect(Collectors.joining(" "));
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
