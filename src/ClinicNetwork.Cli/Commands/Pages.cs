namespace ClinicNetwork.Cli.Commands;

/// <summary>Reads a list to its end, page by page.</summary>
internal static class Pages
{
    internal static async Task<List<T>> AllAsync<T>(Func<string, Task<(IEnumerable<T> Items, string Next)>> page)
    {
        var all = new List<T>();
        var token = "";
        do
        {
            (var items, token) = await page(token);
            all.AddRange(items);
        }
        while (token.Length > 0);
        return all;
    }
}
