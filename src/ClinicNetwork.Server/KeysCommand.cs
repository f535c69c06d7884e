using System.Globalization;
using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Server;

/// <summary><c>keys add, rotate, list, erased</c>: key-encryption keys, the keys of clinics under them, and the list of erasures (docs/encryption.md).</summary>
internal static class KeysCommand
{
    public static readonly string[] Verbs = ["add", "rotate", "list", "erased"];

    /// <exception cref="StoreRefusedException">One line that says what to do.</exception>
    public static async Task RunAsync(string verb, ServerSettings settings)
    {
        switch (verb)
        {
            case "add":
                var file = KeyEncryptionKeyFiles.Add(settings.KeyFolder);
                Console.WriteLine($"made {file}; copy it to the key folder of every server, back it up, then run 'keys rotate'");
                break;
            case "rotate":
                await StoreOpening.RotateKeysAsync(settings, Tell);
                Console.WriteLine("all keys are new");
                break;
            case "erased":
                var more = await StoreOpening.ListErasedAsync(settings);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{more} more in the list of erasures; back it up"));
                break;
            default:
                foreach (var key in await StoreOpening.ListKeysAsync(settings))
                {
                    Tell(key);
                }

                break;
        }
    }

    private static void Tell(KeyCount key) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{key.Holder}  {(key.KekVersion == 0 ? "destroyed" : $"version {key.KekVersion}")}  {key.Wraps} keys{(key.Current ? "" : "  old, rotate again")}"));
}
