using System.Text;
using ClinicNetwork.Journal.Keys;
using ClinicNetwork.Tests.Fuzz;
using Xunit.Abstractions;

namespace ClinicNetwork.Journal.Tests.Keys;

/// <summary>Files of the key folder with anything wrong in them.</summary>
public sealed class KeyFileFuzzTests(ITestOutputHelper output) : IDisposable
{
    private readonly FuzzFolder _files = new();

    [Fact]
    public void Of_a_damaged_list_of_erasures_every_whole_line_counts_and_so_does_the_next_one()
    {
        var list = new ErasureList(_files.Path, new MasterKey(new byte[MasterKey.Length]));
        var streams = Enumerable.Range(0, 8).Select(i => $"pt-{i}").ToList();
        list.Add(streams);
        var valid = File.ReadAllText(ErasureList.FileIn(_files.Path));
        var lines = valid.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        FuzzRun.Of(output, "erased.list", random =>
        {
            var bytes = Mutant.Table(valid, random);
            File.WriteAllBytes(ErasureList.FileIn(_files.Path), bytes);
            var whole = Encoding.UTF8.GetString(bytes).Split('\n').Select(line => Array.IndexOf(lines, line)).Where(i => i >= 0).Select(i => streams[i]).Distinct().ToList();
            Assert.Empty(whole.Except(list.Among(streams)));
            Assert.Equal(1, list.Add(["pt-next"]));
            Assert.Empty(whole.Append("pt-next").Except(list.Among([.. streams, "pt-next"])));
            return whole.Count > 0;
        });
    }

    [Fact]
    public void A_damaged_key_has_its_length_or_is_refused()
    {
        var path = MasterKeyFile.FileIn(_files.Path);
        var valid = Enumerable.Range(0, MasterKey.Length).Select(i => (byte)i).ToArray();
        FuzzRun.Of(output, "master.key", random =>
        {
            var bytes = Mutant.Bytes(valid, random);
            File.WriteAllBytes(path, bytes);
            try
            {
                Assert.NotEmpty(MasterKeyFile.Load(_files.Path, storeExists: true).DeriveSecret("test"));
                return bytes.Length == MasterKey.Length ? true : throw new InvalidOperationException("a key of another length");
            }
            catch (StoreRefusedException) when (bytes.Length != MasterKey.Length)
            {
                return false;
            }
        });
    }

    public void Dispose() => _files.Dispose();
}
