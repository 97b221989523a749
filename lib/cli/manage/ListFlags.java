package lib.cli.manage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lib.api.resource.ListQuery;
import lib.api.resource.Listing;
import lib.cli.base.Context;
import lib.cli.base.Output;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The flags of every list: its filter, its order, and the size of a page. Without the page flags, the whole
/// list is read.
///
///     var flags = new ListFlags();
///     flags.addTo(spec);
///     flags.query()   // ListQuery[nameContains=cl, filter=enabled = true, …]
public final class ListFlags {
    private static final String HEADING = "Filter, sort and page";

    private final OptionSpec nameContains =
            FieldFlags.text("TEXT", "List only entries whose name contains this text.", "--name-contains");
    private final OptionSpec filter = FieldFlags.text(
            "FILTER",
            "List only entries that match: fields with =, !=, <, > and : (contains), AND, "
                    + "OR, NOT, parentheses (AIP-160).",
            "--filter");
    private final OptionSpec orderBy =
            FieldFlags.text("FIELDS", "Sort by these fields, such as 'name desc, created_at' (AIP-132).", "--order-by");
    private final OptionSpec pageSize = OptionSpec.builder("--page-size")
            .type(Integer.class)
            .paramLabel("NUMBER")
            .description("Print one page with at most this many entries.")
            .build();
    private final OptionSpec pageToken =
            FieldFlags.text("TOKEN", "Print the page with this token; the previous page prints it.", "--page-token");

    /// Adds all of them to a command.
    public void addTo(CommandSpec spec) {
        FieldFlags.section(spec, HEADING, List.of(nameContains, filter, orderBy, pageSize, pageToken));
    }

    /// The query that the flags describe.
    ///
    /// @throws lib.base.UserError for an invalid value; bad usage
    public ListQuery query() {
        Optional<Integer> size = Optional.ofNullable(pageSize.getValue());
        return new ListQuery(
                text(nameContains),
                text(filter),
                text(orderBy),
                size.map(number -> number < 1 ? -1 : number).orElse(0),
                text(pageToken));
    }

    /// Prints on standard error how to get the next page; standard output contains only the list.
    public static void sayNext(Context context, Listing listing) {
        if (listing.nextPageToken().isEmpty()) return;
        var words = new ArrayList<String>();
        listing.totalSize().ifPresent(total -> words.add("%d in all".formatted(total)));
        words.add("next page: --page-token " + listing.nextPageToken());
        context.host().err().println("rpkai: " + Output.printable(String.join("; ", words)));
    }

    private static String text(OptionSpec option) {
        return Optional.<String>ofNullable(option.getValue()).orElse("");
    }
}
