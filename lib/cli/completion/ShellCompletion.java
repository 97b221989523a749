package lib.cli.completion;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The completion scripts for bash and zsh: tables of the commands, and one function that both shells
/// understand.
///
///     System.out.print(ShellCompletion.bash(CompletedCommand.of(Cli.commands())))
final class ShellCompletion {
    private ShellCompletion() {}

    /// The script for bash, version 3.2 (macOS) or later.
    static String bash(CompletedCommand root) {
        return "# bash completion for rpkai: source <(rpkai completion bash)\n" + tables(root) + WALK + """
                _rpkai() {
                  local i w glue= cur IFS=$'\\n' line name before=()
                  # Readline takes = and : for ends of words.
                  for ((i = 1; i <= COMP_CWORD; i++)); do
                    w=${COMP_WORDS[i]}
                    if [[ ${#before[@]} -gt 0 && ( $w == : || $w == = && ${before[${#before[@]}-1]} == --* || -n \
                $glue ) ]]; then
                      before[${#before[@]}-1]+=$w
                      [[ $w == [:=] ]] && glue=1 || glue=
                    else
                      before+=("$w") glue=
                    fi
                  done
                  cur=${before[${#before[@]}-1]}
                  unset "before[${#before[@]}-1]"
                  COMPREPLY=()
                  while read -r line; do
                    name=${line%%$'\\t'*}
                    [[ $name == "$cur"* ]] && COMPREPLY+=("${name#"${cur%"${cur##*[:=]}"}"}")
                  done < <(__rpkai_complete "$cur" "${before[@]}")
                }
                complete -o default -F _rpkai rpkai
                """;
    }

    /// The script for zsh, with descriptions.
    static String zsh(CompletedCommand root) {
        return "#compdef rpkai\n# zsh completion for rpkai: source <(rpkai completion zsh)\n" + tables(root) + WALK
                + """
                _rpkai() {
                  local line cur=$words[CURRENT]
                  local -a found before
                  before=("${(@)words[2,CURRENT-1]}")
                  while IFS= read -r line; do
                    found+=("${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}")
                  done < <(__rpkai_complete "$cur" "$before[@]")
                  if (( $#found )); then
                    _describe -V -t rpkai rpkai found
                  else
                    _files
                  fi
                }
                if [ "$funcstack[1]" = _rpkai ]; then
                  _rpkai "$@"
                else
                  compdef _rpkai rpkai
                fi
                """;
    }

    /// Prints the words that can stand at the cursor, a name and a description in each line; prints nothing
    /// where a file can stand.
    private static final String WALK = """
            __rpkai_complete() {
              local cur=$1 cmd= w= R= need= provider= at=0 flag= IFS=$' \\t\\n'
              local -a globals
              globals=()
              shift
              for w in "$@"; do
                if [ -n "$need" ]; then
                  __rpkai_note "$need" "$w"
                  need=
                  continue
                fi
                case "$w" in
                  --) return ;;
                  --*=*) __rpkai_note "${w%%=*}" "${w#*=}" ;;
                  -*) if __rpkai_value "$cmd" "$w"; then case "$R" in '='*) ;; *) need=$w ;; esac; fi ;;
                  *) if __rpkai_command "$cmd:$w"; then cmd=$R; else at=$((at + 1)); fi ;;
                esac
              done
              if [ -n "$need" ]; then
                __rpkai_value "$cmd" "$need"
                __rpkai_offer "$R" ''
                return
              fi
              case "$cur" in
                --*=*)
                  flag=${cur%%=*}
                  if __rpkai_value "$cmd" "$flag"; then __rpkai_offer "${R#=}" "$flag="; fi ;;
                -*) __rpkai_flags "$cmd" ;;
                *) __rpkai_below "$cmd" "$at" ;;
              esac
            }
            __rpkai_note() {
              case "$1" in
                -L|--llmprovider) provider=$2 ;;
                -c|--config|--rpai-config) globals+=(-c "$2") ;;
                -p|--profile|--rpai-profile|--rpai-environment) globals+=(-p "$2") ;;
                -s|--endpoint|--rpai-endpoint) globals+=(-s "$2") ;;
              esac
            }
            __rpkai_offer() {
              local rest=$1 line= good=
              case "$rest" in
                *'|'*)
                  while [ -n "$rest" ]; do
                    printf '%s\\t\\n' "$2${rest%%|*}"
                    case "$rest" in *'|'*) rest=${rest#*|} ;; *) rest= ;; esac
                  done ;;
                PROVIDER|MODEL|SERVER|ENVIRONMENT)
                  case "$rest:$cmd" in
                    MODEL:*) good=$provider ;;
                    PROVIDER:'run '*|PROVIDER:'explain '*) good=${cmd#* } ;;
                  esac
                  case "$good" in opencode|gemini|qwen|exec) good= ;; esac
                  rpkai completion --names "$rest" --for "$good" "${globals[@]}" 2>/dev/null </dev/null | while IFS= \
            read -r line; do printf '%s\\n' "$2$line"; done ;;
              esac
            }
            """;

    private static String tables(CompletedCommand root) {
        var all = root.all().toList();
        var text = new StringBuilder();
        text.append("__rpkai_command() {\n  case \"$1\" in\n");
        for (var command : all) {
            for (var below : command.below())
                text.append("    %s) R=%s ;;\n"
                        .formatted(
                                below.names().stream()
                                        .map(name -> quoted(command.path() + ":" + name))
                                        .collect(Collectors.joining("|")),
                                quoted(below.path())));
        }
        text.append("    *) return 1 ;;\n  esac\n}\n");
        text.append("__rpkai_value() {\n  case \"$2\" in\n");
        CompletedCommand.byLabel(root.page().globals())
                .forEach((label, names) ->
                        text.append("    %s) R=%s; return ;;\n".formatted(String.join("|", names), quoted(label))));
        text.append("  esac\n  case \"$1:$2\" in\n");
        for (var command : all) {
            CompletedCommand.byLabel(command.flags())
                    .forEach((label, names) -> text.append("    %s) R=%s ;;\n"
                            .formatted(
                                    names.stream()
                                            .map(name -> quoted(command.path() + ":" + name))
                                            .collect(Collectors.joining("|")),
                                    quoted(label))));
        }
        text.append("    *) return 1 ;;\n  esac\n}\n");
        text.append("__rpkai_flags() {\n  case \"$1\" in\n");
        for (var command : all)
            if (!command.flags().isEmpty())
                text.append("    %s) printf '%%s\\t%%s\\n'%s ;;\n"
                        .formatted(
                                quoted(command.path()),
                                described(command.flags().stream()
                                        .map(flag -> List.of(
                                                flag.names().getLast().startsWith("--")
                                                        ? longName(flag.names())
                                                        : flag.names().getFirst(),
                                                flag.text())))));
        text.append("  esac\n  printf '%s\\t%s\\n'")
                .append(described(
                        root.page().globals().stream().map(flag -> List.of(longName(flag.names()), flag.text()))))
                .append("\n}\n");
        text.append("__rpkai_below() {\n  case \"$1:$2\" in\n");
        for (var command : all) {
            if (!command.below().isEmpty())
                text.append("    %s) printf '%%s\\t%%s\\n'%s ;;\n"
                        .formatted(
                                quoted(command.path() + ":0"),
                                described(command.below().stream()
                                        .map(below -> List.of(
                                                below.names().getFirst(),
                                                below.page().summary())))));
            var words = command.words();
            for (int i = 0; i < words.size(); i++) {
                var last = i == words.size() - 1 && command.repeats();
                text.append("    %s) __rpkai_offer %s '' ;;\n"
                        .formatted(
                                last ? quoted(command.path() + ":") + "*" : quoted(command.path() + ":" + i),
                                quoted(words.get(i))));
            }
        }
        return text.append("  esac\n}\n").toString();
    }

    private static String longName(List<String> names) {
        return names.stream().filter(name -> name.startsWith("--")).findFirst().orElse(names.getFirst());
    }

    private static String described(Stream<List<String>> pairs) {
        return pairs.map(pair -> " " + quoted(pair.getFirst()) + " " + quoted(firstSentence(pair.getLast())))
                .collect(Collectors.joining());
    }

    static String firstSentence(String text) {
        return text.replaceFirst("(?s)[.;:] .*", "").replaceFirst("\\.$", "");
    }

    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
