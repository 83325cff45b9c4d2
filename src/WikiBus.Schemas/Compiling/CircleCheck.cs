using WikiBus.Schemas.Documents;
using WikiBus.Schemas.Rules;

namespace WikiBus.Schemas.Compiling;

/// <summary>Refuses schemas that apply themselves to the same value without end.</summary>
internal static class CircleCheck
{
    /// <exception cref="SchemaFaultException">There is such a circle.</exception>
    public static void Run(IEnumerable<SchemaNode> nodes)
    {
        var done = new HashSet<SchemaNode>();
        var open = new HashSet<SchemaNode>();
        var path = new Stack<(SchemaNode Node, IEnumerator<SchemaNode> Next)>();
        foreach (var start in nodes)
        {
            if (!done.Contains(start))
            {
                Enter(start);
            }

            while (path.TryPeek(out var top))
            {
                if (!top.Next.MoveNext())
                {
                    path.Pop();
                    open.Remove(top.Node);
                    done.Add(top.Node);
                }
                else if (open.Contains(top.Next.Current))
                {
                    var place = new SchemaLocation(top.Node.Resource, top.Node.Index);
                    throw new SchemaFaultException($"a reference without end at {place}");
                }
                else if (!done.Contains(top.Next.Current))
                {
                    Enter(top.Next.Current);
                }
            }
        }

        void Enter(SchemaNode node)
        {
            open.Add(node);
            path.Push((node, node.Rules.SelectMany(rule => rule.InPlace).GetEnumerator()));
        }
    }
}
