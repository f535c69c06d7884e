using ClinicNetwork.Anonymisation.Tables.Hierarchies;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Tables;

namespace ClinicNetwork.Cli.Commands.Tables.Hierarchies;

internal static class MakeCategories
{
    internal static CliCommand Build()
    {
        var parents = Given.Argument(
            "file", "two columns without a header, child and parent; the highest have the parent *; what is nobody's parent is a value of the table", text => text.Length > 0 ? text : null);
        var output = HierarchyCommand.Out();
        var delimiter = Given.Delimiter(";");
        return new CliCommand(
            "categories", "Categories from a file of parents: 'nurse;health care' and 'health care;*' make nurse;health care;*. A value that lies higher than others is repeated.",
            "hierarchy categories docs/examples/diagnosis-parents.csv --out diagnosis.csv")
            .With(parents, output, delimiter)
            .Runs(run =>
            {
                var (file, separator) = (run.Of(parents), HierarchyCommand.Of(run, delimiter));
                HierarchyWriter.Write(run, run.Of(output), separator, [file], () => CategoryHierarchy.Make(HierarchyFiles.Rows(file, separator)), error => new(file, $"{error.Fault}"));
                return Task.CompletedTask;
            });
    }
}
